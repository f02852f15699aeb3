package browser_test

import (
	"fmt"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
)

// touchable gives the machine a screen that knows fingers, and no mouse.
func (b *tab) touchable() {
	b.t.Helper()
	fingers := emulation.SetTouchEmulationEnabledParams{Enabled: true, MaxTouchPoints: 2}
	call(b, emulation.SetTouchEmulationEnabled, fingers)
	call(b, emulation.SetEmitTouchEventsForMouse, emulation.SetEmitTouchEventsForMouseParams{Enabled: false})
}

// middle returns the middle of an element, once it is in sight.
func (b *tab) middle(selector string) (x, y float64) {
	b.t.Helper()
	at := eval[[]float64](b, fmt.Sprintf(`(() => {
		const e = document.querySelector(%q);
		e.scrollIntoView({ block: "center", behavior: "instant" });
		const r = e.getBoundingClientRect();
		return [r.left + r.width / 2, r.top + r.height / 2];
	})()`, selector))
	return at[0], at[1]
}

// touch sends an event of fingers, each at x and y.
func (b *tab) touch(kind input.DispatchTouchEventType, at ...[2]float64) {
	b.t.Helper()
	points := []*input.TouchPoint{}
	for i, p := range at {
		points = append(points, &input.TouchPoint{X: p[0], Y: p[1], ID: new(float64(i))})
	}
	call(b, input.DispatchTouchEvent, input.DispatchTouchEventParams{Type: kind, TouchPoints: points})
}

// tap touches an element, so that it is clicked.
func (b *tab) tap(selector string) {
	b.t.Helper()
	x, y := b.middle(selector)
	b.touch("touchStart", [2]float64{x, y})
	b.touch("touchEnd")
}

// pinch moves two fingers on an element from one distance to another.
func (b *tab) pinch(selector string, from, to float64) {
	b.t.Helper()
	x, y := b.middle(selector)
	const steps = 10
	fingers := func(step float64) [][2]float64 {
		d := (from + (to-from)*step/steps) / 2
		return [][2]float64{{x - d, y}, {x + d, y}}
	}
	b.touch("touchStart", fingers(0)...)
	for i := 1.0; i <= steps; i++ {
		b.touch("touchMove", fingers(i)...)
	}
	b.touch("touchEnd")
}

// drag moves a finger on an element down.
func (b *tab) drag(selector string, by float64) {
	b.t.Helper()
	x, y := b.middle(selector)
	b.touch("touchStart", [2]float64{x, y})
	for i := 1.0; i <= 8; i++ {
		b.touch("touchMove", [2]float64{x, y + by*i/8})
	}
	b.do(chromedp.Sleep(300 * time.Millisecond)) // so that nothing flies on
	b.touch("touchMove", [2]float64{x, y + by})
	b.touch("touchEnd")
}
