package main

// clockCmd is about the clock of the server.
type clockCmd struct {
	Accept noArguments `cmd:"" shows:"accept_clock" help:"Accept the clock of the server's machine as it is, so that commands are decided again. Each of several servers has its own: name it with --url."`
}
