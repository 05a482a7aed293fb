package champ

import "sync"

// Edit lets a run of changes, such as a replay, work in place: a node made by
// one of its changes is altered by the next instead of being copied. The zero
// Edit is open. One Edit serves any number of maps, nested ones too.
//
// Nodes made before the edit or outside it are never altered, so every version
// from before stays as it was. What the edit itself makes follows the rule of
// append: go on with the map that a change returned, forget the one it was
// called on. While the edit is open,
//
//   - one goroutine uses it and the maps that it changed;
//   - a map that it changed is held in one place, neither kept as a version nor
//     copied to be changed apart;
//   - pointers from [Map.At] and loops over such a map end before its next
//     change.
//
// Set and Delete copy even then, which suits a trial: the result is good until
// the edit's next change, the map it came from goes on. An edit is over after
// [Edit.Done], or when nobody uses it any more: then its maps are versions like
// any other and may be shared.
type Edit struct {
	_    [0]sync.Mutex // makes vet find copies, whose Done would end nothing
	done bool
}

// Done ends the edit. A later change with it copies, as with a nil edit.
func (e *Edit) Done() { e.done = true }

// open returns the edit if nodes can belong to it, otherwise nil.
func (e *Edit) open() *Edit {
	if e == nil || e.done {
		return nil
	}
	return e
}
