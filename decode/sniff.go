package decode

import (
	"bytes"
	"strings"
)

// sniff returns the codec for data by its first bytes, or else nil and what
// data seems to be.
func sniff(data []byte) (c *codec, name string) {
	switch {
	case bytes.HasPrefix(data, []byte("\xff\xd8\xff")):
		return &jpegCodec, ""
	case bytes.HasPrefix(data, []byte("\x89PNG\r\n\x1a\n")):
		return &pngCodec, ""
	case riffForm(data) == "WEBP":
		return &webpCodec, ""
	}
	return nil, foreign(data)
}

// riffForm returns what kind of RIFF file data is, "" for none.
func riffForm(data []byte) string {
	if len(data) < 12 || string(data[:4]) != "RIFF" {
		return ""
	}
	return string(data[8:12])
}

// signatures are first bytes of files that turn up where an image should be.
var signatures = []struct{ prefix, name string }{
	{"GIF87a", "it is a GIF image"},
	{"GIF89a", "it is a GIF image"},
	{"BM", "it is a BMP image"},
	{"II*\x00", "it is a TIFF image"},
	{"MM\x00*", "it is a TIFF image"},
	{"\xff\x0a", "it is a JPEG XL image"},
	{"\x00\x00\x00\x0cJXL ", "it is a JPEG XL image"},
	{"\x00\x00\x00\x0cjP  ", "it is a JPEG 2000 image"},
	{"\xff\x4f\xff\x51", "it is a JPEG 2000 image"},
	{"\x00\x00\x01\x00", "it is an icon (ICO)"},
	{"8BPS", "it is a Photoshop file"},
	{"%PDF-", "it is a PDF document"},
	{"PK\x03\x04", "it is a ZIP archive"},
	{"\x1f\x8b", "it is gzip data"},
	{"\x28\xb5\x2f\xfd", "it is zstd data"},
	{"\x1aE\xdf\xa3", "it is a WebM or Matroska video"},
	{"RIFF", "it is a RIFF file, but not WebP"},
	{"<svg", "it is an SVG drawing"},
	{"<!doctype html", "it is an HTML page"},
	{"<html", "it is an HTML page"},
	{"<?xml", "it is XML, as S3 answers with errors"},
	{"<error", "it is XML, as S3 answers with errors"},
	{"{", "it is JSON text"},
	{"data:", "it is the text of a data: URL"},
	{"http:", "it is the text of a web address"},
	{"https:", "it is the text of a web address"},
}

// foreign says what data is, as far as its first bytes tell.
func foreign(data []byte) string {
	if len(data) == 0 {
		return "it has no bytes"
	}
	if len(data) >= 12 && string(data[4:8]) == "ftyp" {
		return isoMedia(string(data[8:12]))
	}
	head := data[:min(len(data), 64)]
	lower := strings.ToLower(strings.TrimLeft(string(head), "\ufeff \t\r\n"))
	for _, s := range signatures {
		if strings.HasPrefix(string(head), s.prefix) || strings.HasPrefix(lower, s.prefix) {
			return s.name
		}
	}
	return "its first bytes are those of no image format known"
}

// isoMedia names the ISO base media files by their major brand.
func isoMedia(brand string) string {
	switch brand {
	case "avif", "avis":
		return "it is an AVIF image"
	case "heic", "heix", "heim", "heis", "hevc", "hevx", "mif1", "msf1":
		return "it is a HEIC image"
	}
	return "it is an MP4 or QuickTime video"
}
