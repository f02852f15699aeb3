package bag

import (
	"archive/zip"
	"bufio"
	"compress/flate"
	"errors"
	"hash/crc32"
	"io"
	"io/fs"
	"strings"
	"sync"
)

var (
	errBehind = errors.New("bytes lie behind the end of its compressed ones: " +
		"some programs would read them as another file")
	errSum = errors.New("other bytes than the checksum in the archive is of")
)

// A zipFile reads an entry. At its end it holds that nothing of the entry is
// left, of which archive/zip takes no notice.
type zipFile struct {
	file *zip.File
	from io.Reader
	*unpacker
	sum  uint32
	size uint64
	err  error
}

// An unpacker reads a stream of deflate, byte by byte, so that it stops where the
// stream ends.
type unpacker struct {
	raw     *bufio.Reader
	inflate io.ReadCloser
}

// unpackers are used again, since each holds a window of 32 KiB.
var unpackers = sync.Pool{New: func() any {
	raw := bufio.NewReaderSize(nil, 32<<10)
	return &unpacker{raw, flate.NewReader(raw)}
}}

func openZipFile(f *zip.File) (io.ReadCloser, error) {
	raw, err := f.OpenRaw()
	if err != nil {
		return nil, err
	}
	z := &zipFile{file: f, from: raw}
	if f.Method != zip.Deflate {
		return z, nil
	}
	z.unpacker = unpackers.Get().(*unpacker)
	z.raw.Reset(raw)
	z.from = z.inflate
	return z, z.inflate.(flate.Resetter).Reset(z.raw, nil)
}

// Read reads unpacked bytes.
func (z *zipFile) Read(p []byte) (int, error) {
	if z.err != nil {
		return 0, z.err
	}
	n, err := z.from.Read(p)
	z.sum = crc32.Update(z.sum, crc32.IEEETable, p[:n])
	z.size += uint64(n) //nolint:gosec // never negative
	switch {
	case z.size > z.file.UncompressedSize64:
		n, err = 0, zip.ErrFormat
	case errors.Is(err, io.EOF):
		err = z.end()
	}
	z.err = err
	return n, err
}

// end returns what is wrong with an entry that was read to its end, or io.EOF.
func (z *zipFile) end() error {
	if z.size != z.file.UncompressedSize64 {
		return io.ErrUnexpectedEOF
	}
	if z.sum != z.file.CRC32 {
		return errSum
	}
	if z.unpacker != nil {
		if _, err := z.raw.ReadByte(); !errors.Is(err, io.EOF) {
			if err == nil {
				err = errBehind
			}
			return err
		}
	}
	return io.EOF
}

// Close gives back what others can use.
func (z *zipFile) Close() error {
	if z.unpacker != nil {
		unpackers.Put(z.unpacker)
		z.unpacker = nil
	}
	z.err = fs.ErrClosed
	return nil
}

// The attributes of MS-DOS, which stand in the low byte whatever system an
// archive is from. Some programs leave out a label, or make a folder of a file.
const (
	dosLabel  = 1 << 3
	dosFolder = 1 << 4
)

// kind returns what an entry is by its name and its attributes. Those of Unix are
// looked at whatever system the archive says to be from, as unzip does for more
// systems than archive/zip; where they do not fit the name, it is no file.
func kind(f *zip.File) fs.FileMode {
	mode := fs.FileMode(0)
	if strings.HasSuffix(f.Name, "/") {
		mode = fs.ModeDir
	}
	unix := f.ExternalAttrs >> 28
	switch {
	case unix == 0xa:
		return fs.ModeSymlink
	case unix == 0x6 || unix == 0x2:
		return fs.ModeDevice
	case unix == 0x1:
		return fs.ModeNamedPipe
	case unix == 0xc:
		return fs.ModeSocket
	case f.ExternalAttrs&dosLabel != 0, mode == 0 && f.ExternalAttrs&dosFolder != 0,
		unix != 0 && (mode == 0 && unix != 0x8 || mode != 0 && unix != 0x4):
		return fs.ModeIrregular
	}
	return mode
}
