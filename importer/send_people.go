package importer

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/seed-2026d078/roster/client"
)

// splitBatch divides the people into those whose commands fit into one request, and the others.
func splitBatch(plans []*personPlan) (batch, rest []*personPlan) {
	n := 0
	for i, u := range plans {
		if n += len(u.commands) + len(u.missing); n > maxBatch && i > 0 {
			return plans[:i], plans[i:]
		}
	}
	return plans, nil
}

// send gives the commands of several people as one. Those of whom something is refused are
// left out, and the others are given again, until nothing is refused.
func (imp *peopleImport) send(ctx context.Context, batch []*personPlan) error {
	for len(batch) > 0 {
		commands, owners := imp.commands(batch)
		if len(commands) > maxBatch {
			imp.finish(batch[0], Refused, fmt.Sprintf("it takes %d commands, and at most %d take effect together: name fewer teams and projects", len(commands), maxBatch))
			return nil
		}
		receipt, err := imp.run(ctx, commands)
		problem, refused := errors.AsType[*client.Problem](err)
		if refused && len(problem.Items) > 0 && problem.Items[0].Index != nil {
			batch = imp.leaveOut(batch, owners, problem)
			continue
		}
		if err != nil {
			return err
		}
		var tokens []client.ReceiptEvent
		for _, e := range receipt.Events {
			if e.Token != "" {
				tokens = append(tokens, e)
			}
		}
		for _, u := range batch {
			imp.finish(u, u.result, u.detail())
			if first := &imp.results[u.rows[0]]; u.result == Invited && len(tokens) > 0 {
				first.Invite, first.Token, tokens = tokens[0].Created, tokens[0].Token, tokens[1:]
			}
			for what := range u.missing {
				imp.known.created[what] = !imp.options.DryRun
			}
		}
		return nil
	}
	return nil
}

// commands returns the commands of several people, and for whom each is. First come those
// that create what is not there yet.
func (imp *peopleImport) commands(batch []*personPlan) (commands []map[string]any, owners [][]*personPlan) {
	at := map[string]int{}
	for _, u := range batch {
		for what, create := range u.missing {
			i, named := at[what]
			switch {
			case imp.known.created[what]:
			case named:
				owners[i] = append(owners[i], u)
			default:
				at[what] = len(commands)
				commands, owners = append(commands, create), append(owners, []*personPlan{u})
			}
		}
	}
	for _, u := range batch {
		for _, c := range u.commands {
			commands, owners = append(commands, c), append(owners, []*personPlan{u})
		}
	}
	return commands, owners
}

// leaveOut refuses the people whose commands were refused, and returns the others.
func (imp *peopleImport) leaveOut(batch []*personPlan, owners [][]*personPlan, problem *client.Problem) []*personPlan {
	reasons := map[*personPlan][]string{}
	for _, item := range problem.Items {
		if item.Index == nil || *item.Index >= len(owners) {
			continue
		}
		for _, u := range owners[*item.Index] {
			follows := item.Code == "not_in_organization" && len(reasons[u]) > 0 // from the refusal to add them
			if !follows && !slices.Contains(reasons[u], item.Detail) {
				reasons[u] = append(reasons[u], item.Detail)
			}
		}
	}
	return slices.DeleteFunc(slices.Clone(batch), func(u *personPlan) bool {
		if reasons[u] != nil {
			imp.finish(u, Refused, strings.Join(reasons[u], " "))
		}
		return reasons[u] != nil
	})
}

func (imp *peopleImport) run(ctx context.Context, commands []map[string]any) (client.Receipt, error) {
	in := client.RunCommands{Commands: make([]jsontext.Value, len(commands))}
	for i, c := range commands {
		text, err := json.Marshal(c)
		if err != nil {
			return client.Receipt{}, err
		}
		in.Commands[i] = text
	}
	if imp.options.DryRun {
		return client.Receipt{}, imp.client.Call(ctx, "run_commands", map[string]any{"org": imp.org, "commands": in.Commands}, nil, client.AsDryRun(new(client.DryRun)))
	}
	return imp.client.RunCommands(ctx, imp.org, in)
}
