module github.com/lvtool/lvtool/internal/browser

go 1.26.0

replace github.com/lvtool/lvtool => ../..

require github.com/chromedp/chromedp v0.23.0
