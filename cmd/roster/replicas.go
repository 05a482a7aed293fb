package main

import (
	"context"
	"fmt"
)

// replicasCmd is about replicas in other services.
type replicasCmd struct {
	List   noArguments       `cmd:"" default:"1" lists:"list_replicas" columns:"SUBSCRIBER=subscriber REPLICA=replica STATE=state POSITION=position BEHIND=behind MODE=mode BOUND=bound HEARD=heard FORGOTTEN=forgotten" help:"List them, and how far each has come."`
	Forget replicasForgetCmd `cmd:"" asks:"" help:"Say that a replica is gone for good: receipts wait for it no more, and say so. If it reports again, it is there again."`
}

type replicasForgetCmd struct {
	subscriberArg
	Replica string `arg:"" help:"The name of the replica." json:"replica"`
}

// Run has the replica forgotten.
func (c *replicasForgetCmd) Run(ctx context.Context, sh *shell) error {
	var forgotten row
	if err := sh.give(ctx, "forget_replica", c, &forgotten); err != nil {
		return err
	}
	if sh.Output == "json" {
		return printJSON(sh.out, forgotten)
	}
	_, err := fmt.Fprintf(sh.out, "Receipts do not wait for %s/%s.\n", c.Subscriber, c.Replica)
	return err
}
