package bag

import (
	"archive/zip"
	"encoding/binary"
	"hash/crc32"
	"io"
	"time"
)

// A ZipWriter makes a ZIP archive of a bag: the same bytes of the same files in
// the same order. Files are stored as they are, all dated 1980-01-01, the first
// day that ZIP knows, and every program can read them one after the other.
type ZipWriter struct {
	archive *zip.Writer
	folder  string
}

// NewZip begins an archive on w that holds one folder, as BagIt asks for. It
// fails with an [ErrName] where [CheckName] refuses the folder.
func NewZip(w io.Writer, folder string) (*ZipWriter, error) {
	if err := CheckName(folder); err != nil {
		return nil, err
	}
	return &ZipWriter{zip.NewWriter(w), folder}, nil
}

// Put adds a file; it is a [Put]. The file is held in memory meanwhile, since
// its checksum stands before it.
func (z *ZipWriter) Put(name string, r io.Reader) error {
	data, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	h := &zip.FileHeader{
		Name:               z.folder + "/" + name,
		Method:             zip.Store,
		CRC32:              crc32.ChecksumIEEE(data),
		CompressedSize64:   uint64(len(data)),
		UncompressedSize64: uint64(len(data)),
	}
	//nolint:staticcheck // Modified would add a field for the time zone.
	h.SetModTime(time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC))
	h.SetMode(0o600)
	if size := uint64(len(data)); size >= beyond {
		h.Extra = localSizes(size)
	}
	w, err := z.archive.CreateRaw(h)
	if err != nil {
		return err
	}
	h.Extra = nil // that of the directory is archive/zip's to write
	_, err = w.Write(data)
	return err
}

// localSizes returns the zip64 field for the header before a file that is as large
// as 32 bits cannot say; archive/zip writes the one in the directory only.
func localSizes(size uint64) []byte {
	le := binary.LittleEndian
	b := le.AppendUint16(le.AppendUint16(nil, extraZip64), 16)
	return le.AppendUint64(le.AppendUint64(b, size), size)
}

// Close ends the archive. It does not close what it was written to.
func (z *ZipWriter) Close() error { return z.archive.Close() }
