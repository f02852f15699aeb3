#include "go_asm.h"
#include "textflag.h"

// func subtractAVX2(dst, cur, before []byte) int
TEXT ·subtractAVX2(SB), NOSPLIT, $0-80
	MOVQ dst_base+0(FP), DI
	MOVQ cur_base+24(FP), SI
	MOVQ cur_len+32(FP), CX
	MOVQ before_base+48(FP), R8
	ANDQ $~31, CX
	XORQ AX, AX

subtractLoop:
	CMPQ AX, CX
	JGE  subtractDone
	VMOVDQU (SI)(AX*1), Y0
	VPSUBB  (R8)(AX*1), Y0, Y0
	VMOVDQU Y0, (DI)(AX*1)
	ADDQ $32, AX
	JMP  subtractLoop

subtractDone:
	VZEROUPPER
	MOVQ AX, ret+72(FP)
	RET

// firstBytes has ones, then zeros.
DATA firstBytes<>+0(SB)/8, $0xffffffffffffffff
DATA firstBytes<>+8(SB)/8, $0xffffffffffffffff
DATA firstBytes<>+16(SB)/8, $0xffffffffffffffff
DATA firstBytes<>+24(SB)/8, $0xffffffffffffffff
DATA firstBytes<>+32(SB)/8, $0
DATA firstBytes<>+40(SB)/8, $0
DATA firstBytes<>+48(SB)/8, $0
DATA firstBytes<>+56(SB)/8, $0
GLOBL firstBytes<>(SB), RODATA|NOPTR, $64

// func measureAVX2(row []byte) (greys, sum int64)
//
// Each step takes ten pixels, or those that are left, and may read 34 bytes more.
TEXT ·measureAVX2(SB), NOSPLIT, $0-40
	MOVQ row_base+0(FP), SI
	MOVQ row_len+8(FP), CX
	XORQ BX, BX              // greys
	VPXOR Y4, Y4, Y4         // sums
	VPXOR Y5, Y5, Y5
	LEAQ firstBytes<>(SB), R8
	VMOVDQU 2(R8), Y6        // of ten pixels
	MOVL $0x09249249, R9     // the first byte of each pixel

measureLoop:
	SUBQ $30, CX
	JGE  measureTen
	ADDQ $30, CX
	JEQ  measureDone
	SUBQ CX, R8
	VMOVDQU 32(R8), Y6
	BZHIL CX, R9, R9
	XORQ CX, CX

measureTen:
	VMOVDQU (SI), Y0
	VPCMPEQB 1(SI), Y0, Y1
	VPCMPEQB 2(SI), Y0, Y2
	VPAND    Y1, Y2, Y1
	VPMOVMSKB Y1, DX
	ANDL     R9, DX
	POPCNTL  DX, DX
	ADDQ     DX, BX
	VPABSB   Y0, Y0
	VPAND    Y6, Y0, Y0
	VPSADBW  Y5, Y0, Y0
	VPADDQ   Y0, Y4, Y4
	ADDQ $30, SI
	TESTQ CX, CX
	JGT  measureLoop

measureDone:
	VEXTRACTI128 $1, Y4, X3
	VPADDQ X3, X4, X4
	VPSHUFD $0x4e, X4, X3
	VPADDQ X3, X4, X4
	VMOVQ  X4, DX
	VZEROUPPER
	MOVQ BX, greys+24(FP)
	MOVQ DX, sum+32(FP)
	RET

// noMatch is what pixelMatcher_most would have of pixels that are not grey.
DATA noMatch<>+0(SB)/8, $0
GLOBL noMatch<>(SB), RODATA|NOPTR, $8

// tooFar stands for all distances that are: it is beyond what pays.
#define TOO_FAR -(const_farthest+1)
DATA tooFar<>+0(SB)/8, $TOO_FAR
GLOBL tooFar<>(SB), RODATA|NOPTR, $8

// PLACE finds the place of a pixel, whose first byte is at, and whether it is grey:
// then the flags say equal.
#define PLACE(pixel, at, other, same) \
	IMUL3L $-1640531535, pixel, other  \
	SHRL $(32-const_otherBits), other  \
	ADDL $256, other                   \
	IMUL3L $0x10101, at, same          \
	CMPL same, pixel                   \
	CMOVLNE other, at

// LAST finds where a pixel was last, and remembers that it is here. Whether it is
// grey and has been near is a matter of chance, and so decided without a branch.
// The matcher is m bytes behind R9, and there are const_window bytes before the band.
//
// In: SI the pixel, R13 what makes positions of addresses. Out: AX the pixel and
// the bytes that follow, BX the pixel, DX its place, R15 the distance, negative,
// and R12 from which on, in the same terms, a match pays.
#define LAST(m, several) \
	MOVQ (SI), AX                      \
	MOVL AX, BX                        \
	ANDL $0xffffff, BX                 \
	MOVBLZX AL, DX                     \
	MOVLQSX (m+pixelMatcher_most)(R9)(DX*4), R12 \
	PLACE(BX, DX, CX, R15)             \
	CMOVQNE noMatch<>(SB), R12         \
	LEAQ (SI)(R13*1), CX               \
	MOVL (m+pixelMatcher_last)(R9)(DX*4), R15 \
	MOVL CX, (m+pixelMatcher_last)(R9)(DX*4)  \
	SUBQ CX, R15                       \
	CMPQ R15, $-const_farthest         \
	CMOVQLT tooFar<>(SB), R15          \
	CMPQ AX, (SI)(R15*1)               \
	JEQ  several

// func findBMI2(p []byte, i int, m *pixelMatcher, counts *[4][32]uint32, far *[window]uint32, literals []byte) (at, nliterals int)
//
// It ends before the first pixel that would not be a single one, with nothing
// remembered of it, and before the last eight bytes. What is no match is counted
// as a distance that there is not, 31.
TEXT ·findBMI2(SB), NOSPLIT, $0-96
	MOVQ p_base+0(FP), R13
	MOVQ p_len+8(FP), R8
	MOVQ i+24(FP), SI
	MOVQ m+32(FP), R9
	MOVQ counts+40(FP), R11
	MOVQ far+48(FP), R14
	ADDQ $(4*const_farthest), R14 // what belongs to no distance
	MOVQ literals_base+56(FP), DI
	MOVL $31, R10
	LEAQ -8(R13)(R8*1), R8   // the last pixel to begin with
	ADDQ R13, SI
	NEGQ R13
	ADDQ $const_unseen, R13  // a position is the address and this
	CMPQ SI, R8
	JHI  findDone

findLoop:
	LAST(0, findSeveral)

findOne:
	MOVL BX, (DI)
	ANDL $3, CX              // another place than the last three, not to wait for them
	SHLL $5, CX
	LEAQ 3(DI), BX
	CMPQ R15, R12
	CMOVQLT R12, R15
	MOVBLZX 2(R14)(R15*4), DX
	CMOVQLT BX, DI
	CMOVLLT R10, DX
	ADDL DX, CX
	INCL (R11)(CX*4)
	ADDQ $3, SI
	CMPQ SI, R8
	JLS  findLoop
	JMP  findDone

findSeveral:
	CMPQ R15, $TOO_FAR
	JEQ  findOne
	ADDQ CX, R15
	MOVL R15, pixelMatcher_last(R9)(DX*4) // as it was

findDone:
	SUBQ p_base+0(FP), SI
	MOVQ SI, at+80(FP)
	SUBQ literals_base+56(FP), DI
	MOVQ DI, nliterals+88(FP)
	RET

// func pixelsBMI2(buf, p []byte, i int, d *deflater, far *[window]uint32, acc uint64, n uint) (pos, at int, rest uint64, left uint)
//
// It finds pixels as findBMI2 does, and several where they match, and writes their
// codes: of a single one it makes those of the literals and of the match, and takes
// one. What is written of a pixel, at most
// 46 bits, follows at most seven waiting bits in a word of 64, which is then
// stored whole; the bytes that are complete stay.
TEXT ·pixelsBMI2(SB), NOSPLIT, $0-120
	MOVQ buf_base+0(FP), DI
	MOVQ p_base+24(FP), R13
	MOVQ p_len+32(FP), R8
	MOVQ i+48(FP), SI
	MOVQ d+56(FP), R9
	MOVQ far+64(FP), R14
	ADDQ $(4*const_farthest), R14
	MOVQ acc+72(FP), R10
	MOVQ n+80(FP), R11
	LEAQ -8(R13)(R8*1), R8
	ADDQ R13, SI
	NEGQ R13
	ADDQ $const_unseen, R13
	CMPQ SI, R8
	JHI  pixelsDone

pixelsLoop:
	LAST(deflater_pixels, pixelsSeveral)

pixelsOne:
	// The literals: BX, and their length, DX.
	MOVBLZX AL, DX
	MOVWLZX (deflater_tables+tables_literalBits)(R9)(DX*2), BX
	MOVBLZX (deflater_tables+tables_literalLens)(R9)(DX*1), DX
	MOVBLZX 1(SI), AX
	MOVWLZX (deflater_tables+tables_literalBits)(R9)(AX*2), CX
	MOVBLZX (deflater_tables+tables_literalLens)(R9)(AX*1), AX
	SHLXQ DX, CX, CX
	ORQ  CX, BX
	ADDL AX, DX
	MOVBLZX 2(SI), AX
	MOVWLZX (deflater_tables+tables_literalBits)(R9)(AX*2), CX
	MOVBLZX (deflater_tables+tables_literalLens)(R9)(AX*1), AX
	SHLXQ DX, CX, CX
	ORQ  CX, BX
	ADDL AX, DX

	// The match, AX and CX, unless it costs more. The flags live on.
	CMPQ R15, R12
	CMOVQLT R12, R15
	MOVWLZX (R14)(R15*4), AX
	MOVBLZX 2(R14)(R15*4), CX
	MOVBLZX (deflater_tables+tables_single+tokenCode_distance)(R9)(CX*8), R12
	SHLXQ R12, AX, AX
	MOVL (deflater_tables+tables_single+tokenCode_code)(R9)(CX*8), R12
	MOVBLZX (deflater_tables+tables_single+tokenCode_all)(R9)(CX*8), CX
	LEAQ (AX)(R12*1), AX
	CMOVQGE AX, BX
	CMOVLGE CX, DX

pixelsWrite:
	SHLXQ R11, BX, BX
	ORQ   BX, R10
	ADDL  DX, R11
	MOVQ  R10, (DI)
	MOVL  R11, DX
	SHRL  $3, DX
	ADDQ  DX, DI
	SHLL  $3, DX
	SHRXQ DX, R10, R10
	ANDL  $7, R11
	ADDQ  $3, SI
	CMPQ  SI, R8
	JLS   pixelsLoop
	JMP   pixelsDone

	// Several pixels match: R15 is the distance, R12 how many bytes there may be,
	// BX how many of them are the same.
pixelsSeveral:
	CMPQ R15, $TOO_FAR
	JEQ  pixelsOne
	LEAQ 8(R8), R12
	SUBQ SI, R12
	MOVL $(3*const_mostPixels), AX
	CMPQ R12, AX
	CMOVQGT AX, R12
	LEAQ (SI)(R15*1), DX
	MOVL $8, BX

severalWords:
	LEAQ 8(BX), CX
	CMPQ CX, R12
	JGT  severalBytes
	MOVQ (SI)(BX*1), AX
	XORQ (DX)(BX*1), AX
	JNE  severalOther
	MOVQ CX, BX
	JMP  severalWords

severalOther:
	BSFQ AX, AX
	SHRQ $3, AX
	ADDQ AX, BX
	JMP  severalFound

severalBytes:
	CMPQ BX, R12
	JGE  severalFound
	MOVBLZX (SI)(BX*1), AX
	CMPB AX, (DX)(BX*1)
	JNE  severalFound
	INCQ BX
	JMP  severalBytes

severalFound:
	IMUL3L $0xaaab, BX, AX
	SHRL $17, AX             // as pixels: a third
	LEAQ -3(SI)(AX*2), SI
	ADDQ AX, SI              // the last of them
	// The code of the distance is that of a single one without its length.
	MOVWLZX (R14)(R15*4), BX
	MOVBLZX 2(R14)(R15*4), CX
	MOVBLZX (deflater_tables+tables_single+tokenCode_distance)(R9)(CX*8), R12
	SHLXQ R12, BX, BX
	MOVL (deflater_tables+tables_single+tokenCode_code)(R9)(CX*8), R12
	ORQ  R12, BX
	MOVBLZX (deflater_tables+tables_single+tokenCode_all)(R9)(CX*8), DX
	MOVBLZX (deflater_tables+tables_several+4)(R9), R12
	SHRXQ R12, BX, BX
	SUBL R12, DX
	MOVL (deflater_tables+tables_several)(R9)(AX*4), AX
	MOVBLZX AL, R12
	SHRL $8, AX
	SHLXQ R12, BX, BX
	ORQ  AX, BX
	ADDL R12, DX
	// The last is remembered.
	MOVL (SI), AX
	ANDL $0xffffff, AX
	MOVBLZX AL, R12
	PLACE(AX, R12, CX, R15)
	LEAQ (SI)(R13*1), CX
	MOVL CX, (deflater_pixels+pixelMatcher_last)(R9)(R12*4)
	JMP  pixelsWrite

pixelsDone:
	SUBQ buf_base+0(FP), DI
	SUBQ p_base+24(FP), SI
	MOVQ DI, pos+88(FP)
	MOVQ SI, at+96(FP)
	MOVQ R10, rest+104(FP)
	MOVQ R11, left+112(FP)
	RET
