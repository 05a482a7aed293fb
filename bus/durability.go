package bus

import (
	"context"
	"encoding/json"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

const enoughReplicas = 3

// durable reports whether a commit that the stream acknowledged survives a power
// failure. Whether a server syncs its writes is known only if the operator lets the
// client's account ask the system account.
func durable(ctx context.Context, nc *nats.Conn, info *jetstream.StreamInfo) bool {
	if info.Config.Replicas >= enoughReplicas {
		return true
	}
	leader := nc.ConnectedServerName()
	if info.Cluster != nil && info.Cluster.Leader != "" {
		leader = info.Cluster.Leader
	}
	question, err := json.Marshal(map[string]any{"server_name": leader, "exact_match": true})
	if err != nil {
		return false
	}
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	message, err := nc.RequestWithContext(ctx, "$SYS.REQ.SERVER.PING.JSZ", question)
	if err != nil {
		return false
	}
	var answer struct {
		Data struct {
			Config struct {
				SyncAlways bool `json:"sync_always"`
			} `json:"config"`
		} `json:"data"`
	}
	return json.Unmarshal(message.Data, &answer) == nil && answer.Data.Config.SyncAlways
}
