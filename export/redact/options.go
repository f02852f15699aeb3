package redact

import (
	"errors"
	"fmt"
	"math/big"

	"github.com/lvtool/lvtool/decode"
)

// What can be wrong.
var (
	// ErrOptions says that options contradict themselves or are out of bounds.
	ErrOptions = errors.New("unusable option")
	// ErrFolder says that a folder does not hold what its report says.
	ErrFolder = errors.New("not a whole session folder")
	// ErrLeak says that a secret was found in what was made.
	ErrLeak = errors.New("leak")
)

// keyBytes is the least length of a key.
const keyBytes = 16

// Options say what is left of a session.
type Options struct {
	// Mode says what is filled. It has no default.
	Mode Mode
	// Grow is the share of a box's width and height that is added on each side,
	// 0 to 10; "" for "0.25". Only [Faces] has it.
	Grow decode.Number
	// Key is the secret key, of at least 16 bytes, that session ids are replaced
	// with. The same key gives the same session the same id in every copy.
	Key []byte
	// Nonce is the random key, of 32 bytes, of the commitment, different for
	// every copy.
	Nonce []byte
	// HideConfidence leaves the confidence out, as AWS advises for what is shown
	// to the person who was checked.
	HideConfidence bool
	// Tool is what the document names as its maker, such as "lvtool v0.1.0".
	Tool string
	// Limits bound every image; zero fields mean their defaults.
	Limits decode.Limits
}

// Validate reports what is wrong with o, as an [ErrOptions].
func (o *Options) Validate() error {
	switch o.Mode {
	case Faces, Background, All:
	default:
		return fmt.Errorf("%w: mode %+.40q", ErrOptions, string(o.Mode))
	}
	if _, err := o.grow(); err != nil {
		return err
	}
	if len(o.Key) < keyBytes {
		return fmt.Errorf("%w: a key of %d bytes, not %d or more", ErrOptions, len(o.Key), keyBytes)
	}
	if len(o.Nonce) != nonceBytes {
		return fmt.Errorf("%w: a nonce of %d bytes, not %d", ErrOptions, len(o.Nonce), nonceBytes)
	}
	return nil
}

func (o *Options) grow() (*big.Rat, error) {
	n := o.Grow
	if n == "" {
		n = defaultGrow
	}
	share, err := n.Rat()
	if err != nil || share.Sign() < 0 || share.Cmp(big.NewRat(10, 1)) > 0 {
		return nil, fmt.Errorf("%w: a box grown by %+.40q, not by 0 to 10", ErrOptions, string(n))
	}
	return share, nil
}
