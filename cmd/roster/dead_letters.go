package main

import (
	"context"
	"fmt"

	"github.com/seed-2026d078/roster/internal/phrase"
)

// deadLettersCmd is about messages that a subscriber could not handle.
type deadLettersCmd struct {
	List  subscriberFlag      `cmd:"" lists:"list_dead_letters" columns:"LETTER=sequence AT=at ORGANIZATION=organization MESSAGE=message TYPE=type TRIES=tries RETRYING=retrying ERROR=error" help:"List them, oldest first."`
	Retry deadLettersRetryCmd `cmd:"" help:"Have the subscriber try them again, as soon as it runs. They come later than their place in the order. Each gets another number."`
	Drop  deadLettersDropCmd  `cmd:"" asks:"" help:"Drop some or all for good: the subscriber never handles them."`
}

// subscriberFlag names a subscriber.
type subscriberFlag struct {
	Subscriber string `required:"" placeholder:"NAME" help:"The subscriber." json:"subscriber"`
}

type deadLettersRetryCmd struct {
	subscriberFlag
	Sequences []uint64 `name:"letter" placeholder:"N" help:"The number of one, as the list has it; name several by repeating it. Without it all." json:"sequences,omitempty"`
}

// Run has the dead letters tried again.
func (c *deadLettersRetryCmd) Run(ctx context.Context, sh *shell) error {
	var result struct {
		Retrying int `json:"retrying"`
	}
	if err := sh.give(ctx, "retry_dead_letters", c, &result); err != nil {
		return err
	}
	if gone := len(c.Sequences) - result.Retrying; gone > 0 {
		return &refusedError{fmt.Errorf("%s is to try %s again: %s not there", c.Subscriber, phrase.Count(result.Retrying, "message", "messages"),
			phrase.Count(gone, "letter is", "letters are"))}
	}
	if sh.Output == "json" {
		return printJSON(sh.out, result)
	}
	_, err := fmt.Fprintf(sh.out, "%s is to try %s again.\n", c.Subscriber, phrase.Count(result.Retrying, "message", "messages"))
	return err
}
