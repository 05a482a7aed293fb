package feed

import "strconv"

// MaxReaders is how many readers of a subscriber may have a consumer of their own at a time.
const MaxReaders = 16

// Consumers returns the names of the consumers that a subscriber can have: its durable one, and those of its readers. No two
// subscribers have one in common, since the name of a subscriber has no hyphen.
func Consumers(subscriber string) []string {
	all := []string{subscriber}
	for i := range MaxReaders {
		all = append(all, subscriber+"-"+strconv.Itoa(i+1))
	}
	return all
}

// Service is a part of what Roster's account exports to the accounts of subscribers.
type Service struct {
	// Pattern is what is exported.
	Pattern string
	// Streamed says that a request may have more than one answer.
	Streamed bool
	// Subjects are those of the pattern that a subscriber imports. It can send on no others.
	Subjects []string
}

// Services returns everything that a subscriber can ask of Roster's account. The acknowledgements are in the
// form that NATS servers use by default ($JS.ACK.<stream>.<consumer>...); whoever lets subscribers in adds their second form,
// which has the name of the server's domain and account.
//
// A subscriber creates no consumers and reads no streams: with the reply or the delivery subject of its choice it could
// make the server write where it cannot write itself.
func Services(subscriber string) []Service {
	consumers := Consumers(subscriber)
	each := func(before, after string) []string {
		subjects := make([]string, len(consumers))
		for i, name := range consumers {
			subjects[i] = before + name + after
		}
		return subjects
	}
	const (
		next    = "$JS.API.CONSUMER.MSG.NEXT." + StreamName + "."
		info    = "$JS.API.CONSUMER.INFO." + StreamName + "."
		ack     = "$JS.ACK." + StreamName + "."
		numbers = ".*.*.*.*.*" // deliveries, two sequences, time, how many wait
	)
	return []Service{
		{Pattern: next + "*", Streamed: true, Subjects: each(next, "")},
		{Pattern: info + "*", Subjects: each(info, "")},
		{Pattern: ack + "*" + numbers, Subjects: each(ack, numbers)},
		{Pattern: SubscriberPrefix + "*.*", Subjects: []string{SubscriberSubject(subscriber, "*")}},
	}
}
