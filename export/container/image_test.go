package container_test

import (
	"archive/tar"
	"bytes"
	"crypto/sha256"
	"debug/elf"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"encoding/pem"
	"errors"
	"io"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/lvtool/lvtool/export/container"
)

// program returns a program with nothing in it, for a machine; one that needs
// others has a loader.
func program(t *testing.T, machine elf.Machine, kind elf.Type, part elf.ProgType) []byte {
	t.Helper()
	const head, entry = 64, 56 // bytes of a header, and of one of a segment
	h := elf.Header64{
		Type: uint16(kind), Machine: uint16(machine), Version: uint32(elf.EV_CURRENT),
		Phoff: head, Ehsize: head, Phentsize: entry, Phnum: 1,
	}
	copy(h.Ident[:], elf.ELFMAG)
	h.Ident[elf.EI_CLASS], h.Ident[elf.EI_DATA] = byte(elf.ELFCLASS64), byte(elf.ELFDATA2LSB)
	h.Ident[elf.EI_VERSION] = byte(elf.EV_CURRENT)
	p := elf.Prog64{Type: uint32(part), Filesz: head + entry, Memsz: head + entry}
	var b bytes.Buffer
	for _, part := range []any{h, p} {
		if err := binary.Write(&b, binary.LittleEndian, part); err != nil {
			t.Fatal(err)
		}
	}
	return b.Bytes()
}

// good returns a program that needs nothing.
func good(t *testing.T, machine elf.Machine) []byte {
	t.Helper()
	return program(t, machine, elf.ET_EXEC, elf.PT_LOAD)
}

// authorities returns a root certificate.
func authorities(t *testing.T) []byte {
	t.Helper()
	s := httptest.NewTLSServer(nil)
	defer s.Close()
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.Certificate().Raw})
}

// unpack returns the files of an archive, in the order of their names, which
// have no time and no owner.
func unpack(t *testing.T, data []byte) (files map[string][]byte, names []string) {
	t.Helper()
	files = map[string][]byte{}
	for r := tar.NewReader(bytes.NewReader(data)); ; {
		h, err := r.Next()
		if errors.Is(err, io.EOF) {
			return files, names
		}
		if err != nil {
			t.Fatal(err)
		}
		if h.ModTime.Unix() != 0 || h.Uid != 0 || h.Gid != 0 || h.Uname != "" {
			t.Errorf("%s: got %+v, want no time and no owner", h.Name, h)
		}
		content, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		files[h.Name] = content
		names = append(names, h.FileInfo().Mode().String()+" "+h.Name)
	}
}

func decode(t *testing.T, data []byte, v any) {
	t.Helper()
	if err := json.Unmarshal(data, v); err != nil {
		t.Fatalf("%v\n%s", err, data)
	}
}

type blob struct {
	MediaType, Digest string
	Size              int
	Annotations       map[string]string
}

// open returns what a descriptor is of.
func open(t *testing.T, files map[string][]byte, b blob) []byte {
	t.Helper()
	data := files["blobs/"+strings.Replace(b.Digest, ":", "/", 1)]
	sum := sha256.Sum256(data)
	if len(data) != b.Size || "sha256:"+hex.EncodeToString(sum[:]) != b.Digest {
		t.Fatalf("%+v: got %d bytes", b, len(data))
	}
	return data
}

// The archive is read both as an OCI layout and as what docker save writes, and
// says the same both ways.
func TestWrite(t *testing.T) {
	program := good(t, elf.EM_AARCH64)
	i := container.Image{
		Name: "registry.example:5000/team/lvtool:1.2", Program: program, Entry: "lvtool", Authorities: authorities(t),
	}
	var out, again bytes.Buffer
	if err := errors.Join(i.Write(&out), i.Write(&again)); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(out.Bytes(), again.Bytes()) {
		t.Error("two archives of one program differ")
	}
	files, _ := unpack(t, out.Bytes())
	var index struct{ Manifests []blob }
	decode(t, files["index.json"], &index)
	if len(index.Manifests) != 1 || index.Manifests[0].Annotations["io.containerd.image.name"] != i.Name ||
		index.Manifests[0].Annotations["org.opencontainers.image.ref.name"] != "1.2" {
		t.Fatalf("got %s", files["index.json"])
	}
	var manifest struct {
		Config blob
		Layers []blob
	}
	decode(t, open(t, files, index.Manifests[0]), &manifest)
	var config struct {
		Architecture, OS string
		Config           struct {
			User       string
			Entrypoint []string
		}
		RootFS struct {
			Diffs []string `json:"diff_ids"`
		}
	}
	decode(t, open(t, files, manifest.Config), &config)
	if config.Architecture != "arm64" || config.OS != "linux" || config.Config.User != "65532:65532" ||
		!slices.Equal(config.Config.Entrypoint, []string{"/lvtool"}) || len(manifest.Layers) != 1 ||
		!slices.Equal(config.RootFS.Diffs, []string{manifest.Layers[0].Digest}) {
		t.Errorf("got %+v of %+v", config, manifest)
	}
	content, names := unpack(t, open(t, files, manifest.Layers[0]))
	want := []string{
		"drwxr-xr-x etc/", "drwxr-xr-x etc/ssl/", "drwxr-xr-x etc/ssl/certs/",
		"-rw-r--r-- etc/ssl/certs/ca-certificates.crt", "-rwxr-xr-x lvtool", "dtrwxrwxrwx tmp/",
	}
	if !slices.Equal(names, want) || !bytes.Equal(content["lvtool"], program) {
		t.Errorf("got %q, want %q", names, want)
	}
	var docker []struct {
		Config           string
		RepoTags, Layers []string
	}
	decode(t, files["manifest.json"], &docker)
	if len(docker) != 1 || docker[0].RepoTags[0] != i.Name || files[docker[0].Config] == nil ||
		files[docker[0].Layers[0]] == nil ||
		!strings.HasSuffix(manifest.Config.Digest, filepath.Base(docker[0].Config)) {
		t.Errorf("got %s", files["manifest.json"])
	}
}

// A name without a host is on Docker's, as engines have it.
func TestNames(t *testing.T) {
	program := good(t, elf.EM_X86_64)
	for name, want := range map[string]string{
		"lvtool:1": "docker.io/library/lvtool:1", "team/lvtool:1": "docker.io/team/lvtool:1",
		"localhost/lvtool:dev": "localhost/lvtool:dev", "a.example/b/c_d:x.Y": "a.example/b/c_d:x.Y",
	} {
		var out bytes.Buffer
		if err := (container.Image{Name: name, Program: program, Entry: "lvtool"}).Write(&out); err != nil {
			t.Fatal(err)
		}
		files, _ := unpack(t, out.Bytes())
		if !bytes.Contains(files["index.json"], []byte(`"`+want+`"`)) {
			t.Errorf("%s: got %s", name, files["index.json"])
		}
	}
}

func TestRefused(t *testing.T) {
	useful, root := good(t, elf.EM_X86_64), authorities(t)
	loaded := program(t, elf.EM_X86_64, elf.ET_DYN, elf.PT_INTERP)
	key := pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: []byte("secret")})
	for _, test := range []struct {
		change func(*container.Image)
		want   string
	}{
		{func(i *container.Image) { i.Name = "lvtool" }, "NAME:TAG"},
		{func(i *container.Image) { i.Name = "Team/../x:1" }, "NAME:TAG"},
		{func(i *container.Image) { i.Name = "a:1\n" }, "NAME:TAG"},
		{func(i *container.Image) { i.Entry = "../x" }, "name of small letters"},
		{func(i *container.Image) { i.User = "0:0" }, "UID:GID"},
		{func(i *container.Image) { i.User = "root" }, "UID:GID"},
		{func(i *container.Image) { i.Authorities = []byte("none") }, "none; want PEM"},
		{func(i *container.Image) { i.Authorities = slices.Concat(root, key) }, `"PRIVATE KEY" among them`},
		{func(i *container.Image) { i.Authorities = bytes.Replace(root, []byte("MII"), []byte("AAA"), 1) }, "number 1"},
		{func(i *container.Image) { i.Program = nil }, "not a Linux program"},
		{func(i *container.Image) { i.Program = []byte("#!/bin/sh\n") }, "not a Linux program"},
		{func(i *container.Image) { i.Program = []byte("MZ\x90\x00") }, "not a Linux program"},
		{func(i *container.Image) { i.Program = i.Program[:100] }, "not a Linux program"},
		{func(i *container.Image) { i.Program = good(t, elf.EM_386) }, "amd64 and arm64"},
		{func(i *container.Image) { i.Program = program(t, elf.EM_X86_64, elf.ET_REL, elf.PT_LOAD) }, "ET_REL"},
		{func(i *container.Image) { i.Program = loaded }, "CGO_ENABLED=0"},
	} {
		i := container.Image{Name: "a/b:1", Program: useful, Entry: "lvtool", Authorities: root}
		test.change(&i)
		err := i.Write(io.Discard)
		if err == nil || !strings.Contains(err.Error(), test.want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("got %v, want %q", err, test.want)
		}
	}
}
