package conformance

// Fails asks for what is not there, and asserts that it is.
func (p *Product) Fails() { p.as("nobody").Sees("") }
