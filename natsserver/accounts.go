package natsserver

import (
	"cmp"
	"io"
	"text/template"

	"github.com/nats-io/nats-server/v2/server"
)

// AccountsConfig describes the accounts of a NATS server elsewhere.
type AccountsConfig struct {
	// Account is the name of Roster's own account; empty means ROSTER.
	Account string
	// Domain is the JetStream domain of the server; most have none.
	Domain string
	// Subscribers are those who are let in.
	Subscribers []Subscriber
}

// WriteAccounts writes the part of a NATS server's configuration that lets Roster and its subscribers in, as
// [Server.SetSubscribers] does for a server of this package. Subscribers authenticate with the seed of their
// key, Roster as the user roster with the password in the environment variable ROSTER_NATS_PASSWORD. The text holds no
// secret. It fails if a name or key is not valid or used twice.
func WriteAccounts(w io.Writer, cfg AccountsConfig) error {
	if _, err := validate(cfg.Subscribers); err != nil {
		return err
	}
	cfg.Account = cmp.Or(cfg.Account, "ROSTER")
	about := accounts{Own: cfg.Account, Nowhere: nowhere, Info: server.JSApiAccountInfo, Connections: maxConnections, Subscriptions: maxSubscriptions, Payload: maxMessage}
	exported := map[string]int{} // the index of a pattern
	for _, s := range cfg.Subscribers {
		services := withSecondAcks(s.Services, cfg.Account, cfg.Domain)
		account := accountName(s.Name)
		about.Subscribers = append(about.Subscribers, importer{Account: account, Key: s.Key, Subjects: subjects(services)})
		for _, service := range services {
			at, found := exported[service.Pattern]
			if !found {
				at = len(about.Exports)
				exported[service.Pattern] = at
				about.Exports = append(about.Exports, export{Pattern: service.Pattern, Streamed: service.Streamed})
			}
			about.Exports[at].To = append(about.Exports[at].To, account)
		}
	}
	return accountsTemplate.Execute(w, about)
}

// accounts is what the configuration is made of.
type accounts struct {
	Own, Nowhere, Info                  string
	Exports                             []export
	Subscribers                         []importer
	Connections, Subscriptions, Payload int
}

type export struct {
	Pattern  string
	Streamed bool
	To       []string
}

type importer struct {
	Account, Key string
	Subjects     []string
}

// Leaf nodes stay out: a server does not check the replies that they name as it checks those of clients.
//
// Roster asks the system account whether the server syncs its writes.
var accountsTemplate = template.Must(template.New("accounts").Parse(`system_account: SYS
accounts {
  SYS {
    exports: [ { service: "$SYS.REQ.SERVER.PING.JSZ", accounts: [{{.Own}}] } ]
  }

  {{.Own}} {
    jetstream: enabled
    users: [ { user: roster, password: $ROSTER_NATS_PASSWORD } ]
    imports: [ { service: { account: SYS, subject: "$SYS.REQ.SERVER.PING.JSZ" } } ]
    exports: [
      { service: "{{.Nowhere}}" }
{{- range .Exports}}
      { service: "{{.Pattern}}"{{if .Streamed}}, response_type: stream{{end}}, accounts: [{{range $i, $to := .To}}{{if $i}}, {{end}}{{$to}}{{end}}] }
{{- end}}
    ]
  }
{{- range .Subscribers}}

  {{.Account}} {
    limits { max_connections: {{$.Connections}}, max_subscriptions: {{$.Subscriptions}}, max_payload: {{$.Payload}} }
    users: [ {
      nkey: {{.Key}}
      allowed_connection_types: [ STANDARD, WEBSOCKET ]
      permissions { publish: [
{{- range .Subjects}}
        "{{.}}"
{{- end}}
      ] }
    } ]
    imports: [
      { service: { account: {{$.Own}}, subject: "{{$.Nowhere}}" }, to: "{{$.Info}}" }
{{- range .Subjects}}
      { service: { account: {{$.Own}}, subject: "{{.}}" } }
{{- end}}
    ]
  }
{{- end}}
}
`))
