// Package browser opens the pages of lvtool in headless Chromium. It is a module
// of its own, so that lvtool itself does not depend on the driver. It needs the
// program chromium, and for the check of accessibility npm ci in this folder.
package browser
