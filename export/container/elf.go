package container

import (
	"bytes"
	"debug/elf"
	"errors"
	"fmt"
)

// static returns the architecture of a Linux program that needs no other file,
// as Go and container engines call it.
func static(program []byte) (string, error) {
	f, err := elf.NewFile(bytes.NewReader(program))
	if err != nil {
		return "", fmt.Errorf("not a Linux program: build it with GOOS=linux CGO_ENABLED=0")
	}
	defer f.Close()
	arch, ok := map[elf.Machine]string{elf.EM_X86_64: "amd64", elf.EM_AARCH64: "arm64"}[f.Machine]
	switch {
	case f.Type != elf.ET_EXEC && f.Type != elf.ET_DYN:
		return "", fmt.Errorf("not a Linux program, but a file of the type %v", f.Type)
	case !ok || f.Class != elf.ELFCLASS64 || f.Data != elf.ELFDATA2LSB:
		return "", fmt.Errorf("a program for %v: images are made for amd64 and arm64", f.Machine)
	}
	for _, p := range f.Progs {
		if p.Type == elf.PT_INTERP {
			return "", errors.New("the program needs libraries of a system: build it with CGO_ENABLED=0")
		}
	}
	if libraries, err := f.ImportedLibraries(); err != nil || len(libraries) > 0 {
		return "", fmt.Errorf("the program needs libraries: %q; build it with CGO_ENABLED=0", libraries)
	}
	return arch, nil
}
