package natsserver

// AccountHash is for tests that write acknowledgements by hand.
var AccountHash = accountHash

// PendingAnswers returns how many answers of Roster's account to subscribers the server still waits for.
func (s *Server) PendingAnswers() int {
	return s.current.Load().GlobalAccount().NumPendingAllResponses()
}
