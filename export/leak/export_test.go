package leak

// SetBudget sets how many bytes of one file, with all that it unpacks to, are
// looked at.
func (s *Scanner) SetBudget(n int) { s.budget = n }
