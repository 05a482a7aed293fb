// Package natsserver runs a NATS server with JetStream inside this process.
//
// It is the server for those who do not run one of their own. Every write is
// synced to the disk before it is acknowledged, which is what the ledger needs:
//
//	server, err := natsserver.Start(natsserver.Config{Dir: "data/nats"})
//	defer server.Shutdown()
//	nc, err := server.Connect()
//	defer nc.Close()
//	ledger, err := bus.Open(ctx, nc, bus.OpenConfig{Synced: true})
//
// Without a port the server listens to nobody: only [Server.Connect] reaches it.
// With one, other processes connect to [Server.URL], and a token keeps strangers
// out. On an address that other machines can reach, the token is required.
//
// # Files
//
// A NATS server deletes a stream that it cannot recover, whatever the reason. So Start
// opens every file of the streams before the server does, and refuses what no server leaves
// behind ([*StoreError]). While the server recovers the streams, their files have a
// second name each, so that what it deletes can be brought back.
//
// [Salvage] reads what is sound in a stream that is damaged, and [Replace] puts a new stream in
// its place.
//
// A server that has failed to write refuses to write from then on. If that was because the disk was
// full, the [Server] puts a new one in its place when there is room: connections
// within the process, and those to the port, connect to it by themselves. Nothing that was
// acknowledged is lost.
//
// Importing this package links the NATS server into the program. Package bus does
// not import it, so a program that uses an external server stays small.
package natsserver
