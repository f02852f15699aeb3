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

// func findBMI2(p []byte, i int, m *pixelMatcher, counts *[4][32]uint32, far *[window]uint32, tokens []uint32, literals []byte) (at, ntokens, nliterals int)
//
// It ends before the first pixel that would not be a single one, with nothing
// remembered of it, and before the last eight bytes.
TEXT ·findBMI2(SB), NOSPLIT, $0-128
	MOVQ p_base+0(FP), R13
	MOVQ p_len+8(FP), R8
	MOVQ i+24(FP), SI
	MOVQ m+32(FP), R9
	LEAQ pixelMatcher_most(R9), R10
	LEAQ pixelMatcher_last(R9), R9
	MOVQ counts+40(FP), R11
	MOVQ far+48(FP), R14
	ADDQ $(4*const_farthest), R14 // what belongs to no distance
	MOVQ tokens_base+56(FP), DI
	MOVQ literals_base+80(FP), R12
	LEAQ -8(R13)(R8*1), R8   // the last pixel to begin with
	ADDQ R13, SI
	NEGQ R13
	ADDQ $const_unseen, R13  // a position is the address and this

findLoop:
	CMPQ SI, R8
	JHI  findDone
	MOVQ (SI), AX
	MOVL AX, BX
	ANDL $0xffffff, BX       // the pixel
	LEAQ (SI)(R13*1), CX     // the position
	MOVBLZX AL, DX
	IMUL3L $0x10101, DX, R15
	CMPL R15, BX
	JNE  findOther
	MOVL (R9)(DX*4), R15
	MOVL CX, (R9)(DX*4)
	SUBQ CX, R15             // the distance, negative
	CMPQ R15, $-const_farthest
	JLT  findLiterals
	CMPQ AX, (SI)(R15*1)
	JEQ  findSeveral
	CMPL R15, (R10)(DX*4)
	JLT  findLiterals
	MOVL (R14)(R15*4), CX
	MOVBLZX CL, DX
	MOVL DI, BX
	ANDL $12, BX
	LEAQ (DX)(BX*8), DX      // another place than the last three, not to wait for them
	INCL (R11)(DX*4)
	MOVL CX, (DI)
	ADDQ $4, DI
	ADDQ $3, SI
	JMP  findLoop

findOther:
	IMUL3L $-1640531535, BX, DX // 0x9e3779b1
	SHRL  $(32-const_otherBits), DX
	ADDL  $256, DX
	MOVL  (R9)(DX*4), R15
	MOVL  CX, (R9)(DX*4)
	SUBQ  CX, R15
	CMPQ  R15, $-const_farthest
	JLT   findLiterals
	CMPQ  AX, (SI)(R15*1)
	JEQ   findSeveral

findLiterals:
	MOVL $0, (DI)
	ADDQ $4, DI
	MOVL BX, (R12)
	ADDQ $3, R12
	ADDQ $3, SI
	JMP  findLoop

findSeveral:
	ADDQ CX, R15
	MOVL R15, (R9)(DX*4)     // as it was

findDone:
	SUBQ p_base+0(FP), SI
	MOVQ SI, at+104(FP)
	SUBQ tokens_base+56(FP), DI
	SHRQ $2, DI
	MOVQ DI, ntokens+112(FP)
	SUBQ literals_base+80(FP), R12
	MOVQ R12, nliterals+120(FP)
	RET

// func pixelsBMI2(buf, p []byte, i int, m *pixelMatcher, far *[window]uint32, t *tables, acc uint64, n uint) (pos, at int, rest uint64, left uint)
//
// It finds pixels as findBMI2 does, and writes their codes. What is written of a
// pixel, at most 42 bits, follows at most seven waiting bits in a word of 64,
// which is then stored whole; the bytes that are complete stay.
TEXT ·pixelsBMI2(SB), NOSPLIT, $0-128
	MOVQ buf_base+0(FP), DI
	MOVQ p_base+24(FP), R13
	MOVQ p_len+32(FP), R8
	MOVQ i+48(FP), SI
	MOVQ m+56(FP), R9
	MOVQ far+64(FP), R14
	ADDQ $(4*const_farthest), R14
	MOVQ t+72(FP), R12
	MOVQ acc+80(FP), R10
	MOVQ n+88(FP), R11
	LEAQ -8(R13)(R8*1), R8
	ADDQ R13, SI
	NEGQ R13
	ADDQ $const_unseen, R13

#define LITERAL(at) \
	MOVBLZX at(SI), DX        \
	MOVWLZX tables_literalBits(R12)(DX*2), CX \
	SHLXQ   R11, CX, CX       \
	ORQ     CX, R10           \
	MOVBLZX tables_literalLens(R12)(DX*1), DX \
	ADDL    DX, R11

pixelsLoop:
	CMPQ SI, R8
	JHI  pixelsDone
	MOVQ (SI), AX
	MOVL AX, BX
	ANDL $0xffffff, BX
	LEAQ (SI)(R13*1), CX
	MOVBLZX AL, DX
	IMUL3L $0x10101, DX, R15
	CMPL R15, BX
	JNE  pixelsOther
	MOVL pixelMatcher_last(R9)(DX*4), R15
	MOVL CX, pixelMatcher_last(R9)(DX*4)
	SUBQ CX, R15
	CMPQ R15, $-const_farthest
	JLT  pixelsLiterals
	CMPQ AX, (SI)(R15*1)
	JEQ  pixelsSeveral
	CMPL R15, pixelMatcher_most(R9)(DX*4)
	JLT  pixelsLiterals
	MOVL (R14)(R15*4), AX    // the token
	MOVBLZX AL, DX
	MOVQ tables_single(R12)(DX*8), DX
	SHRL $const_tokenExtra, AX
	SHLXQ DX, AX, AX         // by what the lowest six bits say
	MOVBLZX DH, CX
	SHRQ $16, DX
	ORQ  DX, AX
	SHLXQ R11, AX, AX
	ORQ  AX, R10
	ADDL CX, R11

pixelsFlush:
	MOVQ  R10, (DI)
	MOVL  R11, DX
	SHRL  $3, DX
	ADDQ  DX, DI
	SHLL  $3, DX
	SHRXQ DX, R10, R10
	ANDL  $7, R11
	ADDQ  $3, SI
	JMP   pixelsLoop

pixelsOther:
	IMUL3L $-1640531535, BX, DX
	SHRL  $(32-const_otherBits), DX
	ADDL  $256, DX
	MOVL  pixelMatcher_last(R9)(DX*4), R15
	MOVL  CX, pixelMatcher_last(R9)(DX*4)
	SUBQ  CX, R15
	CMPQ  R15, $-const_farthest
	JLT   pixelsLiterals
	CMPQ  AX, (SI)(R15*1)
	JEQ   pixelsSeveral

pixelsLiterals:
	LITERAL(0)
	LITERAL(1)
	LITERAL(2)
	JMP  pixelsFlush

pixelsSeveral:
	ADDQ CX, R15
	MOVL R15, pixelMatcher_last(R9)(DX*4)

pixelsDone:
	SUBQ buf_base+0(FP), DI
	SUBQ p_base+24(FP), SI
	MOVQ DI, pos+96(FP)
	MOVQ SI, at+104(FP)
	MOVQ R10, rest+112(FP)
	MOVQ R11, left+120(FP)
	RET
