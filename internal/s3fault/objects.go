package s3fault

import (
	"cmp"
	"crypto/md5"  //nolint:gosec // What an entity tag is.
	"crypto/sha1" //nolint:gosec // What S3 offers.
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/xml"
	"fmt"
	"hash"
	"hash/crc32"
	"hash/crc64"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// pageSize is how many objects a page of a listing holds, where the client does
// not want fewer.
const pageSize = 1000

// standard are the keys that hold [Body] without having been put.
var standard = regexp.MustCompile(`/(ok|(once|twice)-[^/]*)$`)

// An object is what was put, and what a client is told of it.
type object struct {
	data               []byte
	kind, etag, sha256 string
	version            int
}

func newObject(data []byte, kind string, version int) object {
	sum := md5.Sum(data) //nolint:gosec // See above.
	return object{
		data: data, kind: kind, version: version,
		etag: `"` + hex.EncodeToString(sum[:]) + `"`, sha256: digest(data),
	}
}

func digest(data []byte) string {
	sum := sha256.Sum256(data)
	return base64.StdEncoding.EncodeToString(sum[:])
}

// Set puts an object, as a client would.
func (s *Server) Set(bucket, key string, data []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	path := "/" + bucket + "/" + key
	o := newObject(data, "", s.next(path))
	s.keep(path)
	s.objects[path] = o
}

// Get returns an object and the type of its content, nil where nothing was put.
func (s *Server) Get(bucket, key string) (data []byte, kind string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	o := s.objects["/"+bucket+"/"+key]
	return o.data, o.kind
}

// Version returns how often an object was written.
func (s *Server) Version(bucket, key string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.objects["/"+bucket+"/"+key].version
}

// Delete deletes an object.
func (s *Server) Delete(bucket, key string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.objects, "/"+bucket+"/"+key)
}

// Keys returns the keys of all that was put to a bucket, sorted.
func (s *Server) Keys(bucket string) []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var keys []string
	for path := range s.objects {
		if key, ok := strings.CutPrefix(path, "/"+bucket+"/"); ok {
			keys = append(keys, key)
		}
	}
	slices.Sort(keys)
	return keys
}

// serve answers as S3 does when nothing is wrong.
func (s *Server) serve(w http.ResponseWriter, r *http.Request, bucket, path string) {
	w.Header().Set("x-amz-request-id", "REQUEST2")
	switch {
	case r.Method == http.MethodHead && strings.Count(path, "/") < 2:
		w.Header().Set("x-amz-bucket-region", Elsewhere)
	case r.URL.Query().Has("list-type"):
		s.list(w, r, bucket)
	case isUpload(r):
		s.upload(w, r, path)
	case r.URL.Query().Has("versions"):
		s.versions(w, r, bucket)
	case r.URL.Query().Has("object-lock"), r.URL.Query().Has("retention"), r.URL.Query().Has("legal-hold"):
		s.lock(w, r, path)
	case r.Method == http.MethodDelete && r.URL.Query().Has("versionId"):
		s.deleteVersion(w, r, path, r.URL.Query().Get("versionId"))
	case r.Method == http.MethodPut:
		s.put(w, r, path)
	case r.Method == http.MethodDelete:
		s.delete(w, r, path)
	default:
		s.get(w, r, path)
	}
}

func (s *Server) put(w http.ResponseWriter, r *http.Request, path string) {
	data, err := io.ReadAll(r.Body)
	if sum := r.Header.Get("x-amz-checksum-sha256"); err != nil || sum != "" && sum != digest(data) {
		Error(w, r, 400, "BadDigest", "The SHA256 you specified did not match the calculated checksum.")
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.mayPut(w, r, path) {
		return
	}
	o := newObject(data, r.Header.Get("Content-Type"), s.next(path))
	s.keep(path)
	s.objects[path] = o
	w.Header().Set("ETag", o.etag)
	w.Header().Set("x-amz-checksum-sha256", o.sha256)
}

// mayPut reports whether the conditions of a request are met, and else says so. The
// caller holds the lock.
func (s *Server) mayPut(w http.ResponseWriter, r *http.Request, path string) bool {
	old, exists := s.objects[path]
	match := r.Header.Get("If-Match")
	if !exists && match != "" {
		Error(w, r, 404, "NoSuchKey", "The specified key does not exist.")
		return false
	}
	if exists && r.Header.Get("If-None-Match") == "*" || exists && match != "" && match != old.etag {
		Error(w, r, 412, "PreconditionFailed", "At least one of the pre-conditions you specified did not hold")
		return false
	}
	return true
}

func (s *Server) delete(w http.ResponseWriter, r *http.Request, path string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	old, exists := s.objects[path]
	match := r.Header.Get("If-Match")
	switch {
	case match != "" && s.NoDeleteIf:
		Error(w, r, 501, "NotImplemented", "A header you provided implies functionality that is not implemented.")
		return
	case match != "" && !exists:
		Error(w, r, 404, "NoSuchKey", "The specified key does not exist.")
		return
	case match != "" && match != old.etag:
		Error(w, r, 412, "PreconditionFailed", "At least one of the pre-conditions you specified did not hold")
		return
	}
	if s.Versioned {
		marker := past{object{version: s.next(path)}, true}
		s.keep(path)
		s.past[path] = append(s.past[path], marker)
	}
	delete(s.objects, path)
	w.WriteHeader(http.StatusNoContent)
}

func (s *Server) get(w http.ResponseWriter, r *http.Request, path string) {
	s.mu.Lock()
	o, exists := s.objects[path]
	s.mu.Unlock()
	if !exists && !standard.MatchString(path) {
		Error(w, r, 404, "NoSuchKey", "The specified key does not exist.")
		return
	}
	if !exists {
		o = newObject([]byte(Body), "", 1)
	}
	if match := r.Header.Get("If-Match"); match != "" && match != o.etag {
		Error(w, r, 412, "PreconditionFailed", "At least one of the pre-conditions you specified did not hold")
		return
	}
	h := w.Header()
	h.Set("ETag", o.etag)
	h.Set("Last-Modified", "Sun, 01 Nov 2026 12:00:00 GMT")
	h.Set("x-amz-version-id", o.id())
	h.Set("x-amz-server-side-encryption", "AES256")
	h.Set("x-amz-checksum-"+cmp.Or(s.Sum, "sha256"), s.sum(o))
	h.Set("x-amz-checksum-type", "FULL_OBJECT")
	if strings.Contains(o.sha256, "-") && s.Sum == "" {
		h.Set("x-amz-checksum-type", "COMPOSITE")
	}
	var from int
	if n, _ := fmt.Sscanf(r.Header.Get("Range"), "bytes=%d-", &from); n == 1 && from < len(o.data) {
		h.Del("x-amz-checksum-" + cmp.Or(s.Sum, "sha256"))
		h.Set("Content-Range", fmt.Sprintf("bytes %d-%d/%d", from, len(o.data)-1, len(o.data)))
		h.Set("Content-Length", strconv.Itoa(len(o.data)-from))
		w.WriteHeader(http.StatusPartialContent)
	}
	h.Set("Content-Length", strconv.Itoa(len(o.data)-from))
	_, _ = w.Write(o.data[from:])
}

// sums are the checksums by name.
var sums = map[string]func() hash.Hash{
	"sha1":      sha1.New,
	"crc64nvme": func() hash.Hash { return crc64.New(crc64.MakeTable(0x9A6C9329AC4BC9B5)) },
	"crc32c":    func() hash.Hash { return crc32.New(crc32.MakeTable(crc32.Castagnoli)) },
	"crc32":     func() hash.Hash { return crc32.NewIEEE() },
}

func (s *Server) sum(o object) string {
	start, ok := sums[s.Sum]
	if !ok {
		return o.sha256
	}
	h := start()
	h.Write(o.data)
	return base64.StdEncoding.EncodeToString(h.Sum(nil))
}

// listed is the answer to ListObjectsV2.
type listed struct {
	XMLName               xml.Name `xml:"ListBucketResult"`
	Name, Prefix          string
	EncodingType          string `xml:",omitempty"`
	IsTruncated           bool
	NextContinuationToken string `xml:",omitempty"`
	Contents              []listedObject
}

type listedObject struct {
	Key, ETag, LastModified, StorageClass string
	Size                                  int
}

func (s *Server) list(w http.ResponseWriter, r *http.Request, bucket string) {
	query := r.URL.Query()
	answer := listed{Name: bucket, Prefix: query.Get("prefix"), EncodingType: query.Get("encoding-type")}
	for _, key := range s.Keys(bucket) {
		if !strings.HasPrefix(key, answer.Prefix) || key <= query.Get("continuation-token") {
			continue
		}
		if len(answer.Contents) == pageSize {
			answer.IsTruncated = true
			break
		}
		answer.NextContinuationToken = key
		s.mu.Lock()
		o := s.objects["/"+bucket+"/"+key]
		s.mu.Unlock()
		if answer.EncodingType == "url" {
			key = url.QueryEscape(key)
		}
		answer.Contents = append(answer.Contents, listedObject{
			Key: key, ETag: o.etag, Size: len(o.data), StorageClass: "STANDARD",
			LastModified: time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC).Format(time.RFC3339),
		})
	}
	if !answer.IsTruncated {
		answer.NextContinuationToken = ""
	}
	w.Header().Set("Content-Type", "application/xml")
	_ = xml.NewEncoder(w).Encode(answer)
}
