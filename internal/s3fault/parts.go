package s3fault

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/xml"
	"fmt"
	"io"
	"net/http"
	"strconv"
)

// minPart is the size of the smallest part but the last.
const minPart = 5 << 20

// An upload is an object in the making.
type upload struct {
	path, kind string
	parts      map[int][]byte
}

// Uploads returns how many objects are in the making.
func (s *Server) Uploads() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.uploads)
}

// isUpload reports whether a request is about an object in parts.
func isUpload(r *http.Request) bool {
	return r.URL.Query().Has("uploads") || r.URL.Query().Has("uploadId")
}

// upload answers what is asked of objects in parts.
func (s *Server) upload(w http.ResponseWriter, r *http.Request, path string) {
	data, err := io.ReadAll(r.Body)
	s.mu.Lock()
	defer s.mu.Unlock()
	id := r.URL.Query().Get("uploadId")
	up := s.uploads[id]
	w.Header().Set("Content-Type", "application/xml")
	switch {
	case r.URL.Query().Has("uploads"):
		id = "upload" + strconv.Itoa(len(s.log))
		s.uploads[id] = &upload{path, r.Header.Get("Content-Type"), map[int][]byte{}}
		_, _ = fmt.Fprintf(w, "<Initiate><UploadId>%s</UploadId></Initiate>", id)
	case up == nil || up.path != path:
		Error(w, r, 404, "NoSuchUpload", "The specified upload does not exist.")
	case r.Method == http.MethodDelete:
		delete(s.uploads, id)
		w.WriteHeader(http.StatusNoContent)
	case r.Method == http.MethodPut:
		if err != nil || r.Header.Get("x-amz-checksum-sha256") != digest(data) {
			Error(w, r, 400, "BadDigest", "The SHA256 you specified did not match the calculated checksum.")
			return
		}
		n, _ := strconv.Atoi(r.URL.Query().Get("partNumber"))
		up.parts[n] = data
		w.Header().Set("ETag", newObject(data, "", 0).etag)
		w.Header().Set("x-amz-checksum-sha256", digest(data))
	default:
		s.complete(w, r, id, data)
	}
}

// complete makes the object. The caller holds the lock.
func (s *Server) complete(w http.ResponseWriter, r *http.Request, id string, body []byte) {
	var list struct {
		Part []struct {
			PartNumber     int
			ETag           string
			ChecksumSHA256 string
		}
	}
	up := s.uploads[id]
	if err := xml.Unmarshal(body, &list); err != nil {
		Error(w, r, 400, "MalformedXML", "The XML you provided was not well-formed")
		return
	}
	var data []byte
	sums := sha256.New()
	for i, p := range list.Part {
		part := up.parts[p.PartNumber]
		is := newObject(part, "", 0)
		if p.PartNumber != i+1 || part == nil || p.ETag != is.etag || p.ChecksumSHA256 != is.sha256 {
			Error(w, r, 400, "InvalidPart", "One or more of the specified parts could not be found.")
			return
		}
		if len(part) < minPart && i < len(list.Part)-1 {
			Error(w, r, 400, "EntityTooSmall", "Your proposed upload is smaller than the minimum allowed size")
			return
		}
		data = append(data, part...)
		sum := sha256.Sum256(part)
		sums.Write(sum[:])
	}
	if !s.mayPut(w, r, up.path) {
		return
	}
	o := newObject(data, up.kind, s.next(up.path))
	o.sha256 = base64.StdEncoding.EncodeToString(sums.Sum(nil)) + "-" + strconv.Itoa(len(list.Part))
	s.keep(up.path)
	s.objects[up.path] = o
	delete(s.uploads, id)
	_, _ = fmt.Fprintf(w, "<CompleteMultipartUploadResult><ETag>%s</ETag><ChecksumSHA256>%s</ChecksumSHA256>"+
		"</CompleteMultipartUploadResult>", o.etag, o.sha256)
}
