package annotate

import (
	"errors"
	"fmt"
	"image"
	"math/big"
)

// What crops may be asked for.
const (
	maxPadding = 10         // times the box's width or height, on each side
	maxAspect  = 100        // one side to the other
	maxSide    = 8192       // pixels
	maxArea    = 16_000_000 // pixels
)

// Validate says what is wrong with c: a padding that is not a number from 0 to
// 10; an aspect of which only one side is given, or beyond 100 to 1; a size
// that is negative, above 8192 pixels a side or 16 million pixels in all, or
// not of the aspect's shape; an unknown edge.
func (c CropOptions) Validate() error {
	if err := c.checkPadding(); err != nil {
		return err
	}
	if err := c.checkAspect(); err != nil {
		return err
	}
	if err := checkSize(c.Size); err != nil {
		return err
	}
	if a := c.Aspect; c.Size.X > 0 && c.Size.Y > 0 && a != (image.Point{}) &&
		c.Size.Y != proportional(c.Size.X, a.Y, a.X) && c.Size.X != proportional(c.Size.Y, a.X, a.Y) {
		return fmt.Errorf("crop size %d × %d does not have the aspect %d:%d", c.Size.X, c.Size.Y, a.X, a.Y)
	}
	switch c.Edge {
	case "", Clip, Pad, Shift:
		return nil
	}
	return fmt.Errorf("crop edge is unknown: %+.40q", string(c.Edge))
}

func (c CropOptions) checkPadding() error {
	if c.Padding == "" {
		return nil
	}
	share, err := c.Padding.Rat()
	if err != nil || share.Sign() < 0 || share.Cmp(big.NewRat(maxPadding, 1)) > 0 {
		return fmt.Errorf("crop padding is not a number from 0 to %d: %+.40q", maxPadding, string(c.Padding))
	}
	return nil
}

func (c CropOptions) checkAspect() error {
	a := c.Aspect
	if a == (image.Point{}) {
		return nil
	}
	x, y := int64(a.X), int64(a.Y)
	if min(x, y) <= 0 || max(x, y) > maxEdge || x > maxAspect*y || y > maxAspect*x {
		return fmt.Errorf("crop aspect %d:%d is not between 1:%d and %d:1", a.X, a.Y, maxAspect, maxAspect)
	}
	return nil
}

// checkSize allows zero for a side that follows from something else.
func checkSize(size image.Point) error {
	if size.X < 0 || size.Y < 0 {
		return errors.New("crop size is negative")
	}
	if max(size.X, size.Y) > maxSide || size.X*size.Y > maxArea {
		return fmt.Errorf("crop size %d × %d is over the limit of %d pixels a side and %d in all",
			size.X, size.Y, maxSide, maxArea)
	}
	return nil
}

// size returns the size of the picture made of a cut.
func (c CropOptions) size(cut image.Point) (image.Point, error) {
	size := c.Size
	switch {
	case size == image.Point{}:
		return cut, nil
	case size.X == 0:
		size.X = proportional(size.Y, cut.X, cut.Y)
	case size.Y == 0:
		size.Y = proportional(size.X, cut.Y, cut.X)
	}
	return size, checkSize(size)
}

// shape returns the shape of what is cut; zero for the box's own.
func (c CropOptions) shape() image.Point {
	if c.Aspect == (image.Point{}) && c.Size.X > 0 && c.Size.Y > 0 {
		return c.Size
	}
	return c.Aspect
}
