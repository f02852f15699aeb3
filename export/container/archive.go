package container

import (
	"archive/tar"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"strings"
	"time"
)

// The types of the parts of an image.
const (
	typeManifest = "application/vnd.oci.image.manifest.v1+json"
	typeConfig   = "application/vnd.oci.image.config.v1+json"
	typeLayer    = "application/vnd.oci.image.layer.v1.tar"
)

// certificates is where Go looks for root certificates.
const certificates = "etc/ssl/certs/ca-certificates.crt"

// The shapes of an image, as far as they are needed.
type (
	descriptor struct {
		MediaType   string            `json:"mediaType"`
		Digest      string            `json:"digest"`
		Size        int               `json:"size"`
		Annotations map[string]string `json:"annotations,omitempty"`
	}
	manifest struct {
		SchemaVersion int          `json:"schemaVersion"`
		MediaType     string       `json:"mediaType"`
		Config        descriptor   `json:"config"`
		Layers        []descriptor `json:"layers"`
	}
	index struct {
		SchemaVersion int          `json:"schemaVersion"`
		Manifests     []descriptor `json:"manifests"`
	}
	configuration struct {
		Created      string    `json:"created"`
		Architecture string    `json:"architecture"`
		OS           string    `json:"os"`
		Config       execution `json:"config"`
		RootFS       rootFS    `json:"rootfs"`
		History      []history `json:"history"`
	}
	execution struct {
		User       string
		Entrypoint []string
		Env        []string
		WorkingDir string
		// Volumes have Fargate give the folder to its owner in the image, where it
		// mounts an empty one.
		Volumes map[string]struct{}
	}
	rootFS struct {
		Type  string   `json:"type"`
		Diffs []string `json:"diff_ids"`
	}
	history struct {
		Created string `json:"created"`
		By      string `json:"created_by"`
	}
	saved struct { // by docker save
		Config   string
		RepoTags []string
		Layers   []string
	}
)

// epoch is the time of all that has one.
const epoch = "1970-01-01T00:00:00Z"

// A tarball is a tar archive whose entries have no time and no owner.
type tarball struct {
	w   *tar.Writer
	err error
}

func (t *tarball) add(name string, mode int64, data []byte) {
	h := &tar.Header{
		Typeflag: tar.TypeReg, Name: name, Mode: mode, Size: int64(len(data)),
		ModTime: time.Unix(0, 0), Format: tar.FormatUSTAR,
	}
	if strings.HasSuffix(name, "/") {
		h.Typeflag = tar.TypeDir
	}
	if t.err == nil {
		t.err = t.w.WriteHeader(h)
	}
	if t.err == nil {
		_, t.err = t.w.Write(data)
	}
}

func (t *tarball) close() error {
	if t.err != nil {
		return t.err
	}
	return t.w.Close()
}

// layer returns the files of the image.
func (i Image) layer() ([]byte, error) {
	var b bytes.Buffer
	t := &tarball{w: tar.NewWriter(&b)}
	if i.Authorities != nil {
		for i, c := range certificates {
			if c == '/' {
				t.add(certificates[:i+1], 0o755, nil)
			}
		}
		t.add(certificates, 0o644, i.Authorities)
	}
	t.add(i.Entry, 0o755, i.Program)
	t.add("tmp/", 0o1777, nil)
	err := t.close()
	return b.Bytes(), err
}

// archive writes the image of a layer.
func (i Image) archive(w io.Writer, arch string, layer []byte) error {
	full := fullName(i.Name)
	_, tag, _ := strings.Cut(full[strings.LastIndexByte(full, '/'):], ":")
	layers := describe(typeLayer, layer)
	config := encode(configuration{
		Created: epoch, Architecture: arch, OS: "linux",
		Config: execution{
			User: i.User, Entrypoint: []string{"/" + i.Entry}, Env: []string{"PATH=/"}, WorkingDir: "/tmp",
			Volumes: map[string]struct{}{"/tmp": {}},
		},
		RootFS:  rootFS{"layers", []string{layers.Digest}},
		History: []history{{epoch, "lvtool batch image"}},
	})
	body := encode(manifest{2, typeManifest, describe(typeConfig, config), []descriptor{layers}})
	of := describe(typeManifest, body)
	of.Annotations = map[string]string{"io.containerd.image.name": full, "org.opencontainers.image.ref.name": tag}

	t := &tarball{w: tar.NewWriter(w)}
	t.add("blobs/", 0o755, nil)
	t.add("blobs/sha256/", 0o755, nil)
	for _, blob := range [][]byte{config, body, layer} {
		t.add(blobName(blob), 0o644, blob)
	}
	t.add("index.json", 0o644, encode(index{2, []descriptor{of}}))
	t.add("manifest.json", 0o644, encode([]saved{{blobName(config), []string{i.Name}, []string{blobName(layer)}}}))
	t.add("oci-layout", 0o644, []byte(`{"imageLayoutVersion":"1.0.0"}`))
	return t.close()
}

func describe(mediaType string, data []byte) descriptor {
	return descriptor{MediaType: mediaType, Digest: "sha256:" + digest(data), Size: len(data)}
}

func blobName(data []byte) string { return "blobs/sha256/" + digest(data) }

func digest(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

func encode(v any) []byte {
	data, _ := json.Marshal(v) // cannot fail: strings and numbers
	return data
}
