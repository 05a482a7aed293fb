package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/seed-2026d078/roster/client"
	"github.com/seed-2026d078/roster/internal/phrase"
)

// mailCmd is about mails to people.
type mailCmd struct {
	Status      noArguments      `cmd:"" shows:"get_mail" help:"Show how many mails wait, and how many could not be sent."`
	DeadLetters deadMailsCommand `cmd:"" name:"dead-letters" help:"Mails that could not be sent."`
}

// deadMailsCommand is about mails that could not be sent.
type deadMailsCommand struct {
	List  noArguments  `cmd:"" lists:"list_dead_mails" columns:"MAIL=id KIND=kind ORGANIZATION=organization USER=user INVITE=invite EVENT=event TRIES=tries DIED=died_at ERROR=error" help:"List them, oldest first."`
	Retry mailRetryCmd `cmd:"" help:"Have them tried again."`
	Drop  mailDropCmd  `cmd:"" asks:"" help:"Drop some or all for good: they are never sent."`
}

type mailRetryCmd struct {
	Mails []string `name:"mail" placeholder:"ID" help:"The id of one, as the list has it; name several by repeating it. Without it all." json:"ids,omitempty"`
}

// Run has them tried again.
func (c *mailRetryCmd) Run(ctx context.Context, sh *shell) error {
	var result client.RetriedMails
	if err := sh.give(ctx, "retry_dead_mails", c, &result); err != nil {
		return err
	}
	if sh.Output == "json" {
		return printJSON(sh.out, result)
	}
	_, err := fmt.Fprintf(sh.out, "Tried again: %s.\n", phrase.Count(int(result.Retrying), "mail", "mails"))
	return err
}

// mailDropCmd drops mails that could not be sent.
type mailDropCmd struct {
	Mails []string `name:"mail" placeholder:"ID" help:"The id of one, as the list has it; name several by repeating it." json:"-"`
	All   bool     `help:"Drop all." json:"-"`
}

// Validate fails unless it is said which ones.
func (c *mailDropCmd) Validate() error {
	if c.All == (len(c.Mails) > 0) {
		return errors.New("say which ones: --mail ID, as `roster mail dead-letters list` has them, or --all")
	}
	return nil
}

// question is what is asked before they are dropped.
func (c *mailDropCmd) question() string {
	which := "all mails that could not be sent"
	if !c.All {
		which = phrase.Count(len(c.Mails), "mail that could not be sent", "mails that could not be sent")
	}
	return fmt.Sprintf("Drop %s for good.", which)
}

// Run drops them. One that is gone is passed over.
func (c *mailDropCmd) Run(ctx context.Context, sh *shell) error {
	asks, err := sh.client()
	if err != nil {
		return err
	}
	var dropped client.DroppedMails
	if c.All {
		if dropped, err = asks.DropDeadMails(ctx); err != nil {
			return err
		}
	}
	for _, id := range c.Mails {
		done, err := asks.DropDeadMail(ctx, id)
		if p, is := errors.AsType[*client.Problem](err); is && p.Code == "no_dead_mail" {
			continue
		}
		if err != nil {
			return err
		}
		dropped.Dropped += done.Dropped
	}
	if sh.Output == "json" {
		return printJSON(sh.out, dropped)
	}
	_, err = fmt.Fprintf(sh.out, "Dropped: %s.\n", phrase.Count(int(dropped.Dropped), "mail", "mails"))
	return err
}
