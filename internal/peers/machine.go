package main

import (
	"fmt"
	"os"
	"regexp"
	"runtime"
	"strings"
)

// machine describes what was measured on: the processor, the system, and the
// versions of what took part.
func (p *program) machine(list []peer) string {
	words := []string{processor()}
	if name := field("/etc/os-release", `(?m)^PRETTY_NAME="(.*)"`); name != "" {
		words = append(words, name)
	}
	words = append(words, strings.Replace(runtime.Version(), "go", "Go ", 1))
	for _, v := range []struct{ peer, name, source string }{
		{"Pillow", "Pillow", "python3-pil"},
		{"OpenCV", "OpenCV", "python3-opencv"},
		{"libvips", "libvips", "libvips42"},
		{"ImageMagick", "ImageMagick", "imagemagick"},
		{"C:", "libjpeg-turbo", "libturbojpeg0"},
		{"C:", "libdeflate", "libdeflate0"},
	} {
		for _, peer := range list {
			if version := p.packaged(v.source); strings.HasPrefix(peer.Name, v.peer) && version != "" {
				words = append(words, v.name+" "+version)
				break
			}
		}
	}
	return strings.Join(words, ", ") + "."
}

func processor() string {
	model := field("/proc/cpuinfo", `(?m)^model name\s*: (.*)`)
	if model == "" {
		model = runtime.GOARCH
	}
	return fmt.Sprintf("%d cores of %s", runtime.NumCPU(), model)
}

// field returns the first group of a pattern in a file, "" where there is none.
func field(file, pattern string) string {
	data, err := os.ReadFile(file)
	if err != nil {
		return ""
	}
	if m := regexp.MustCompile(pattern).FindSubmatch(data); m != nil {
		return strings.TrimSpace(string(m[1]))
	}
	return ""
}

// packaged returns the version of an installed Debian package, without what
// Debian adds to it.
func (p *program) packaged(name string) string {
	out, err := p.command("dpkg-query", "-W", "-f", "${Version}", name).Output()
	if err != nil {
		return ""
	}
	return regexp.MustCompile(`^(\d+:)?([\d.]*\d).*$`).ReplaceAllString(string(out), "$2")
}
