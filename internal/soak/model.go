package soak

import (
	"fmt"
	"time"

	"github.com/anishathalye/porcupine"
)

// kind is what an operation does with the membership of one person.
type kind string

const (
	add    kind = "add"
	remove kind = "remove"
	look   kind = "look"
	// list reads a page of the members. It is not in the history: its position is checked alone.
	list kind = "list"
)

// operation is a command or a read.
type operation struct {
	kind         kind
	organization string
	user         string
}

// outcome is the answer to an operation.
type outcome struct {
	// member says that the person was a member before the operation.
	member bool
	// recorded says that the command is in the ledger, at the position.
	recorded bool
	position uint64
}

// membership is the model of the members of all organizations. Each membership changes on its own, so
// each is checked on its own: a history fits if that of every membership does.
var membership = porcupine.Model{
	Partition: func(history []porcupine.Operation) [][]porcupine.Operation {
		of := map[[2]string]int{}
		var parts [][]porcupine.Operation
		for _, o := range history {
			in := o.Input.(operation)
			at := [2]string{in.organization, in.user}
			i, known := of[at]
			if !known {
				i, of[at] = len(parts), len(parts)
				parts = append(parts, nil)
			}
			parts[i] = append(parts[i], o)
		}
		return parts
	},
	Init: func() any { return false },
	Step: func(state, input, output any) (bool, any) {
		return state == output.(outcome).member, after(state.(bool), input.(operation).kind)
	},
	DescribeOperation: func(input, output any) string {
		in := input.(operation)
		return fmt.Sprintf("%s %s/%s: member before: %v", in.kind, in.organization, in.user, output.(outcome).member)
	},
}

// after returns whether the person is a member after an operation.
func after(member bool, k kind) bool {
	switch k {
	case add:
		return true
	case remove:
		return false
	case look, list:
	}
	return member
}

// checkTimeout bounds how long the order of a history is looked for.
const checkTimeout = 2 * time.Minute
