package domain

// Seats returns how many seats the organization has, 0 for no limit, and how many
// are taken: by members, those deactivated or past their end not counted, and by
// the invites that stand, where the scheme gives them one.
func (o Organization) Seats() (limit, taken int) {
	taken = o.seatedMembers()
	if o.scheme.Seats.InvitesHold {
		for _, invite := range o.invites.All() {
			if !o.spend(stepsToVisit) {
				break
			}
			if o.inviteStands(invite) {
				taken++
			}
		}
	}
	return o.seatLimit(), taken
}

// seatedMembers counts the members who hold a seat.
func (o Organization) seatedMembers() int {
	seated := o.members.Len() - o.deactivated
	for user := range o.ending.Keys() {
		if !o.spend(stepsToLookUp) {
			break
		}
		if o.members.At(user).ended(o.at) {
			seated--
		}
	}
	return seated
}

// seatLimit returns the organization's own limit, or else the scheme's; 0 is no limit.
func (o Organization) seatLimit() int {
	if o.seats > 0 {
		return o.seats
	}
	return o.scheme.Seats.Limit
}

// requireSeat fails if no seat is free for one more person, except in an import,
// and in a declaration, which counts seats at its end.
func (o Organization) requireSeat() error {
	if o.importing || o.declaring || o.seatLimit() == 0 {
		return nil
	}
	if o.members.Len()+o.invites.Len() < o.seatLimit() {
		return nil // whichever of them hold a seat
	}
	if limit, taken := o.Seats(); taken >= limit {
		return errNoSeat(max(limit-taken, 0), 1)
	}
	return nil
}

// checkSeatsAfter fails if a change of the limit, or of what holds a seat, would leave more people
// without a seat than there are now. Raising a limit that is below the seats in use never fails.
func (o Organization) checkSeatsAfter(after Organization) error {
	if o.importing {
		return nil // what happened, happened
	}
	limit, taken := after.Seats()
	if limit > 0 && taken-limit > o.missingSeats() {
		return ErrSeatsInUse.Because("Seats in use: %d, and there would be %d. Remove members or revoke invites first, or set block_new: then nobody loses a seat, and none is given until there is room.",
			taken, limit)
	}
	return nil
}

// missingSeats counts the seats in use beyond the limit.
func (o Organization) missingSeats() int {
	limit, taken := o.Seats()
	if limit == 0 {
		return 0
	}
	return max(taken-limit, 0)
}

func errNoSeat(free, asked int) error {
	return ErrNoSeat.Because("Seats free: %d, asked for: %d; nobody was added. Get more seats, or free some first.", free, asked)
}
