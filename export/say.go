package export

// What a report says in words, for pages that are made of it.

// CountWords says how many images there are and could be shown.
func (r *Report) CountWords() string { return countWords(r) }

// ChallengeWords names the challenge.
func (r *SessionRecord) ChallengeWords() string { return challengeWords(r) }

// SDKType returns what the client says that it is, "" where it does not.
func (r *SessionRecord) SDKType() string { return sdkType(r) }

// SizeWords says what a frame is that could be loaded: its size, its format,
// and whether it had to be turned.
func (r *FrameRecord) SizeWords() string { return sizeWords(r) }

// Words says where a box lies, line by line.
func (r *PlacementRecord) Words() []string { return boxWords(r) }

// Name returns what t calls itself: lvtool, with its version where that is
// known.
func (t *Tool) Name() string { return t.name() }
