package s3fault

import (
	"cmp"
	"encoding/xml"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// A past is a version that is not the latest, or a delete marker.
type past struct {
	object
	marker bool
}

func (o object) id() string { return "v" + strconv.Itoa(o.version) }

// versionID is what a version is called: a bucket that keeps none has one of each
// object, with no id of its own.
func (s *Server) versionID(o object) string {
	if !s.Versioned {
		return "null"
	}
	return o.id()
}

// keep keeps the latest version of an object that is about to be written or
// deleted. The caller holds the lock.
func (s *Server) keep(path string) {
	if o, exists := s.objects[path]; exists && s.Versioned {
		s.past[path] = append(s.past[path], past{object: o})
	}
}

// next is the number of the next version of an object.
func (s *Server) next(path string) int {
	n := s.objects[path].version
	for _, p := range s.past[path] {
		n = max(n, p.version)
	}
	return n + 1
}

// Versions returns the number of versions and delete markers of all keys of a
// bucket that begin with a prefix.
func (s *Server) Versions(bucket, prefix string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := 0
	for path := range s.objects {
		if strings.HasPrefix(path, "/"+bucket+"/"+prefix) {
			n++
		}
	}
	for path, all := range s.past {
		if strings.HasPrefix(path, "/"+bucket+"/"+prefix) {
			n += len(all)
		}
	}
	return n
}

// deleteVersion deletes a version for good.
func (s *Server) deleteVersion(w http.ResponseWriter, r *http.Request, path, id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, held := s.Locked[path]; held {
		Error(w, r, 403, "AccessDenied", "Access Denied because object protected by object lock.")
		return
	}
	if o, exists := s.objects[path]; exists && s.versionID(o) == id {
		delete(s.objects, path)
		s.latest(path)
	} else {
		s.past[path] = slices.DeleteFunc(s.past[path], func(p past) bool { return p.id() == id })
		s.latest(path)
	}
	w.WriteHeader(http.StatusNoContent)
}

// latest makes the last of the versions that are left the one that is read.
func (s *Server) latest(path string) {
	all := s.past[path]
	if _, exists := s.objects[path]; exists || len(all) == 0 || all[len(all)-1].marker {
		return
	}
	s.objects[path] = all[len(all)-1].object
	s.past[path] = all[:len(all)-1]
}

// versionList is the answer to ListObjectVersions.
type versionList struct {
	XMLName             xml.Name `xml:"ListVersionsResult"`
	EncodingType        string   `xml:",omitempty"`
	IsTruncated         bool
	NextKeyMarker       string `xml:",omitempty"`
	NextVersionIDMarker string `xml:"NextVersionIdMarker,omitempty"`

	Version, DeleteMarker []listedVersion
}

type listedVersion struct {
	Key, ETag, LastModified string
	VersionID               string `xml:"VersionId"`
	IsLatest, marker        bool
	Size                    int
}

// versions answers with pages of s.PageSize entries.
func (s *Server) versions(w http.ResponseWriter, r *http.Request, bucket string) {
	query := r.URL.Query()
	answer := versionList{EncodingType: query.Get("encoding-type")}
	after, found := query.Get("key-marker")+"\x00"+query.Get("version-id-marker"), !query.Has("key-marker")
	n := 0
	for _, v := range s.allVersions(bucket) {
		if !strings.HasPrefix(v.Key, query.Get("prefix")) {
			continue
		}
		if !found {
			found = v.Key+"\x00"+v.VersionID == after
			continue
		}
		if n++; n > cmp.Or(s.PageSize, pageSize) {
			answer.IsTruncated = true
			break
		}
		answer.NextVersionIDMarker = v.VersionID
		if answer.EncodingType == "url" {
			v.Key = url.QueryEscape(v.Key)
		}
		answer.NextKeyMarker = v.Key
		if v.marker {
			answer.DeleteMarker = append(answer.DeleteMarker, v)
		} else {
			answer.Version = append(answer.Version, v)
		}
	}
	w.Header().Set("Content-Type", "application/xml")
	_ = xml.NewEncoder(w).Encode(answer)
}

// allVersions returns the versions of a bucket as S3 lists them, the newest of a
// key first.
func (s *Server) allVersions(bucket string) []listedVersion {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []listedVersion
	add := func(path string, o object, marker, latest bool) {
		all = append(all, listedVersion{
			Key: strings.TrimPrefix(path, "/"+bucket+"/"), VersionID: s.versionID(o), ETag: o.etag, Size: len(o.data),
			IsLatest: latest, marker: marker, LastModified: "2026-11-01T12:00:00Z",
		})
	}
	paths := map[string]bool{}
	for path := range s.objects {
		paths[path] = true
	}
	for path := range s.past {
		paths[path] = true
	}
	for path := range paths {
		if !strings.HasPrefix(path, "/"+bucket+"/") {
			continue
		}
		o, exists := s.objects[path]
		if exists {
			add(path, o, false, true)
		}
		for i, p := range slices.Backward(s.past[path]) {
			add(path, p.object, p.marker, !exists && i == len(s.past[path])-1)
		}
	}
	slices.SortStableFunc(all, func(a, b listedVersion) int { return strings.Compare(a.Key, b.Key) })
	return all
}

// lock answers what is asked about Object Lock, which is on where s.Locked is set.
func (s *Server) lock(w http.ResponseWriter, r *http.Request, path string) {
	query := r.URL.Query()
	until, held := s.Locked[path]
	w.Header().Set("Content-Type", "application/xml")
	switch {
	case s.Locked == nil:
		Error(w, r, 404, "ObjectLockConfigurationNotFoundError", "Object Lock configuration does not exist")
	case query.Has("object-lock"):
		answer := "<ObjectLockConfiguration><ObjectLockEnabled>Enabled</ObjectLockEnabled>"
		if s.LockNew {
			answer += "<Rule><DefaultRetention><Mode>GOVERNANCE</Mode><Days>1</Days></DefaultRetention></Rule>"
		}
		_, _ = w.Write([]byte(answer + "</ObjectLockConfiguration>"))
	case query.Has("retention") && held:
		_, _ = w.Write([]byte("<Retention><Mode>COMPLIANCE</Mode><RetainUntilDate>" + until.UTC().Format(time.RFC3339) +
			"</RetainUntilDate></Retention>"))
	default:
		Error(w, r, 404, "NoSuchObjectLockConfiguration", "The specified object has no ObjectLock configuration")
	}
}
