package main

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"syscall"
	"time"
)

const (
	// masterKeyTime is how long the command that prints the master key may take.
	masterKeyTime = 30 * time.Second
	// maxMasterKeyOutput is how much it may print.
	maxMasterKeyOutput = 1 << 10
)

// runMasterKeyCommand returns what a command prints. What it prints is in no error, and so in no log.
func runMasterKeyCommand(ctx context.Context, command string) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, masterKeyTime)
	defer cancel()
	cmd := exec.CommandContext(ctx, "/bin/sh", "-c", command) //nolint:gosec // whoever starts the server names it
	out := limitedOutput{stop: cancel}
	cmd.Stdout = &out
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) } // with what it has started
	cmd.WaitDelay = time.Second
	err := cmd.Run()
	switch {
	case out.full:
		return "", fmt.Errorf("the command of --master-key-command prints more than %d bytes: it must print the master key alone", maxMasterKeyOutput)
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		return "", fmt.Errorf("the command of --master-key-command has not ended after %s: try it by hand, as the user that runs Roster", masterKeyTime)
	case err != nil:
		return "", fmt.Errorf("the command of --master-key-command failed (%w): try it by hand, as the user that runs Roster; what it prints is not logged", err)
	}
	return string(out.text), nil
}

// limitedOutput keeps what a command prints, up to maxMasterKeyOutput.
type limitedOutput struct {
	text []byte
	stop func() // ends the command, which could wait for ever to print the rest
	full bool
}

func (o *limitedOutput) Write(p []byte) (int, error) {
	if len(o.text)+len(p) > maxMasterKeyOutput {
		o.full = true
		o.stop()
		return 0, errors.New("too much output")
	}
	o.text = append(o.text, p...)
	return len(p), nil
}
