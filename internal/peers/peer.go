package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// A peer is a program that converts sessions, or a way to run it.
type peer struct {
	Name string
	// args are what is run, before the arguments of a run.
	args []string
	env  []string
	// probe is a command that succeeds where the peer can run; nil where args[0]
	// must exist.
	probe []string
	// missing says what to do where it cannot.
	missing string
	// native programs' instructions are counted too.
	native bool
}

const (
	python = "/usr/bin/python3" // Debian's, which sees Debian's packages
	ours   = "lvtool"
	two    = "lvtool, 2 workers"
)

// peers returns the programs to be compared, lvtool first. The peers' sources
// are in the folder scripts, and what was built of them in built.
func (p *program) peers(lvtool, scripts, built string) []peer {
	script := func(name string) string { return filepath.Join(scripts, "python", name) }
	list := p.lvtools(lvtool)
	return append(list, []peer{
		{
			Name: "Pillow, default level (6)", args: []string{python, script("pillow.py")},
			probe: []string{python, "-c", "import PIL"}, missing: "package python3-pil",
		},
		{
			Name: "Pillow, level 1", args: []string{python, script("pillow.py")}, env: []string{"LEVEL=1"},
			probe: []string{python, "-c", "import PIL"}, missing: "package python3-pil",
		},
		{
			Name: "OpenCV, default", args: []string{python, script("opencv.py")},
			probe: []string{python, "-c", "import cv2"}, missing: "package python3-opencv",
		},
		{
			Name: "libvips, level 1, Sub", args: []string{python, script("vips.py")},
			env:     []string{"VIPS_CONCURRENCY=1"},
			probe:   []string{python, "-c", "import ctypes; ctypes.CDLL('libvips.so.42')"},
			missing: "package libvips42",
		},
		{
			Name: "ImageMagick", args: []string{filepath.Join(scripts, "magick.sh")},
			env:     []string{"MAGICK_THREAD_LIMIT=1"},
			probe:   []string{"sh", "-c", "jq --version && convert -version | grep ImageMagick"},
			missing: "packages imagemagick and jq",
		},
		{
			Name: "C: libjpeg-turbo, libdeflate level 1", args: []string{filepath.Join(built, "peer-libdeflate")},
			missing: "packages libturbojpeg0-dev and libdeflate-dev", native: true,
		},
		{
			Name: "C++: libjpeg-turbo, fpnge", args: []string{filepath.Join(built, "peer-fpnge")},
			missing: "the source of fpnge, in the folder that LVTOOL_FPNGE names", native: true,
		},
	}...)
}

// lvtools returns lvtool with one worker and, where it can have more, with two.
// Options that this lvtool does not know yet are left out.
func (p *program) lvtools(path string) []peer {
	out, err := p.command(path, "convert", "--help").Output()
	args := []string{path, "convert", "--quiet"}
	has := func(option string) bool { return err == nil && strings.Contains(string(out), "   "+option) }
	if !has("--quiet") {
		args = args[:2]
	}
	if has("--outputs") {
		args = append(args, "--outputs", "annotated,faces,sheet,report")
	}
	if !has("--jobs") {
		return []peer{{Name: ours, args: args, native: true}}
	}
	with := func(jobs string) []string { return append(slices.Clip(args), "--jobs", jobs) }
	return []peer{{Name: ours, args: with("1"), native: true}, {Name: two, args: with("2")}}
}

// lvtool reports whether the peer is lvtool, whatever its options.
func (p peer) lvtool() bool { return p.Name == ours || p.Name == two }

// here reports whether the peer can run.
func (p *program) here(a peer) bool {
	if a.probe == nil {
		_, err := exec.LookPath(a.args[0])
		return err == nil
	}
	return p.command(a.probe[0], a.probe[1:]...).Run() == nil
}

// command returns the command that converts sessions into a folder, with a sheet
// of a size. lvtool chooses the size itself.
func (p peer) command(out string, sheet dims, sessions []string) []string {
	args := append([]string{}, p.args...)
	if p.lvtool() {
		args = append(args, "-o", out)
	} else {
		args = append(args, out, strconv.Itoa(sheet.Width), strconv.Itoa(sheet.Height))
	}
	return append(args, sessions...)
}

// environment returns the variables a peer sees: none that change what it does
// but its own.
func (p peer) environment() []string {
	env := []string{"PATH=" + os.Getenv("PATH"), "HOME=" + os.Getenv("HOME"), "LC_ALL=C.UTF-8"}
	return append(env, p.env...)
}
