package natsserver

// AccountHash is for tests that write acknowledgements by hand.
var AccountHash = accountHash
