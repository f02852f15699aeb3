package browser_test

import (
	"fmt"
	"os"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/performance"
	"github.com/chromedp/chromedp"

	"github.com/lvtool/lvtool/export/review"
)

// many returns n sessions that differ in their ids alone.
func many(t testing.TB, document string, n int) []*review.Session {
	t.Helper()
	one := session(t, document, "")
	var list []*review.Session
	for i := range n {
		report := *one.Report
		report.Session.ID = new(id(i + 1))
		s := *one
		s.Report = &report
		s.ReportJSON = fmt.Appendf(nil, "%s%d\n", one.ReportJSON, i)
		list = append(list, &s)
	}
	return list
}

// mostBytes is what a page may have, whatever it holds.
const mostBytes = 60 << 20

// painted is the time since the navigation began, once the next frame can be
// painted.
const painted = `new Promise((done) => requestAnimationFrame(() => setTimeout(() => done(performance.now()))))`

// busy returns how many seconds of a processor the page's main thread has taken
// since it was navigated to, whatever else the machine does.
func (b *tab) busy() float64 {
	b.t.Helper()
	for _, m := range call(b, performance.GetMetrics, cdp.Empty{}).Metrics {
		if m.Name == "TaskDuration" {
			return m.Value
		}
	}
	b.t.Fatal("the browser has no TaskDuration")
	return 0
}

// BenchmarkOpen opens the largest page of 500 sessions, from the start of the
// navigation until the script has run and the next frame can be painted.
func BenchmarkOpen(b *testing.B) {
	for _, test := range []struct{ name, document string }{
		{"images=5", "session.json"},
		{"images=2", "tiny.json"},
		{"images=0", "expired.json"},
	} {
		b.Run(test.name, func(b *testing.B) {
			files := write(b, nil, many(b, test.document, 500))
			largest, most := "", int64(0)
			for _, name := range files {
				info, err := os.Stat(name)
				if err != nil {
					b.Fatal(err)
				}
				if info.Size() > most {
					largest, most = name, info.Size()
				}
			}
			if most > mostBytes {
				b.Errorf("%s has %d bytes, more than %d", largest, most, mostBytes)
			}
			tab := newTab(b)
			tab.look(1440, 900, "light")
			call(tab, performance.Enable, performance.EnableParams{TimeDomain: "threadTicks"})
			ready, busy, n := 0.0, 0.0, 0.0
			for b.Loop() {
				tab.do(chromedp.Navigate("about:blank"))
				tab.open(largest, "")
				ready += eval[float64](tab, painted)
				busy += tab.busy()
				n++
			}
			b.ReportMetric(ready/n, "ms-ready/op")
			b.ReportMetric(1000*busy/n, "cpu-ms/op")
			b.ReportMetric(float64(most)/(1<<20), "MB/page")
			b.ReportMetric(float64(max(1, len(files)-1)), "pages")
		})
	}
}
