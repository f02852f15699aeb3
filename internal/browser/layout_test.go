package browser_test

import (
	"fmt"
	"testing"

	"github.com/lvtool/lvtool/export/review"
)

// TestLayout holds that the session and its buttons are where a reviewer sees
// them, whatever the window's width, and that no button lies over another.
func TestLayout(t *testing.T) {
	b := newTab(t)
	for _, sessions := range []int{1, 3} {
		file := write(t, &review.Options{}, queue(t, sessions))[0]
		for _, width := range []int64{390, 700, 840, 1024, 1280, 1920} {
			b.look(width, 900, "light")
			b.open(file, "#s=1")
			name := fmt.Sprintf("%d sessions at %d pixels", sessions, width)
			shown := eval[float64](b, `document.querySelector("main").getBoundingClientRect().width`)
			if shown < min(float64(width), 500)*0.9 {
				t.Errorf("%s: the session is %v pixels wide", name, shown)
			}
			if over := eval[string](b, overlapping); over != "" {
				t.Errorf("%s: %s", name, over)
			}
		}
	}
}

// overlapping names two buttons of which one lies over the other, or one whose
// words do not fit.
const overlapping = `(() => {
	const all = [...document.querySelectorAll(".decide button")].filter((e) => e.offsetWidth > 0);
	const boxes = all.map((e) => e.getBoundingClientRect());
	for (const [i, a] of boxes.entries()) {
		if (all[i].scrollWidth > all[i].clientWidth) return all[i].textContent + " does not fit";
		for (const [k, b] of boxes.entries()) {
			if (i < k && a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1)
				return all[i].textContent + " over " + all[k].textContent;
		}
	}
	return all.length < 5 ? "buttons lack" : "";
})()`
