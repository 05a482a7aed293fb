package main

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"github.com/seed-2026d078/roster/client"
	"github.com/seed-2026d078/roster/internal/phrase"
)

// deadLettersDropCmd drops messages that a subscriber could not handle.
type deadLettersDropCmd struct {
	subscriberFlag
	Letters []uint64 `name:"letter" placeholder:"N" help:"The number of one, as the list has it; name several by repeating it." json:"-"`
	All     bool     `help:"Drop all, also those that are to be tried again." json:"-"`
}

// Validate fails unless it is said which ones.
func (c *deadLettersDropCmd) Validate() error {
	if c.All == (len(c.Letters) > 0) {
		return errors.New("say which ones: --letter N, as `roster feed dead-letters list` has them, or --all")
	}
	return nil
}

// question is what is asked before they are dropped.
func (c *deadLettersDropCmd) question() string {
	which := "all dead letters"
	if !c.All {
		which = phrase.Count(len(c.Letters), "dead letter", "dead letters")
	}
	return fmt.Sprintf("Drop %s of %s for good: it never handles them.", which, printable(c.Subscriber))
}

// Run drops them.
func (c *deadLettersDropCmd) Run(ctx context.Context, sh *shell) error {
	asks, err := sh.client()
	if err != nil {
		return err
	}
	n := 0
	if c.All {
		done, err := asks.DropDeadLetters(ctx, c.Subscriber)
		if err != nil {
			return err
		}
		n = int(done.Dropped)
	}
	for _, letter := range c.Letters {
		_, err := asks.DropDeadLetter(ctx, c.Subscriber, strconv.FormatUint(letter, 10))
		if p, is := errors.AsType[*client.Problem](err); is && p.Code == "no_dead_letter" {
			continue
		}
		if err != nil {
			return fmt.Errorf("%s of %s dropped: %w", phrase.Count(n, "dead letter", "dead letters"), c.Subscriber, err)
		}
		n++
	}
	dropped := phrase.Count(n, "dead letter", "dead letters")
	if gone := len(c.Letters) - n; gone > 0 {
		return &refusedError{fmt.Errorf("%s of %s dropped: %s not there. One has another number since it was to be tried again", dropped, c.Subscriber,
			phrase.Count(gone, "letter is", "letters are"))}
	}
	if sh.Output == "json" {
		return printJSON(sh.out, client.DroppedDeadLetters{Dropped: int64(n)})
	}
	_, err = fmt.Fprintf(sh.out, "Dropped: %s of %s.\n", dropped, c.Subscriber)
	return err
}
