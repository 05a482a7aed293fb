// Package notify turns events into notices to people.
//
// [Run] follows a desk and hands the notices of every commit to a [Channel], such as
// the inbox in the database:
//
//	err := notify.Run(ctx, desk.Follower(), database.Inbox(), log)
//
// A channel stores the checkpoint up to which it has delivered, so that Run goes on
// from there after a failure or a restart. If the channel cannot store notices and
// checkpoint together, a notice may come twice, with the same id. Another way to
// reach people, such as mail, is another channel with a follower of its own.
package notify
