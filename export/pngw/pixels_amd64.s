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

// tenPixels has 30 bytes of ones.
DATA tenPixels<>+0(SB)/8, $0xffffffffffffffff
DATA tenPixels<>+8(SB)/8, $0xffffffffffffffff
DATA tenPixels<>+16(SB)/8, $0xffffffffffffffff
DATA tenPixels<>+24(SB)/8, $0x0000ffffffffffff
GLOBL tenPixels<>(SB), RODATA|NOPTR, $32

// func measureAVX2(row []byte) (bytes int, greys, sum int64)
//
// Each step takes ten pixels, and reads four bytes more.
TEXT ·measureAVX2(SB), NOSPLIT, $0-48
	MOVQ row_base+0(FP), SI
	MOVQ row_len+8(FP), CX
	SUBQ $34, CX
	XORQ AX, AX
	XORQ BX, BX              // greys
	VPXOR Y4, Y4, Y4         // sums
	VPXOR Y5, Y5, Y5
	VMOVDQU tenPixels<>(SB), Y6

measureLoop:
	CMPQ AX, CX
	JGT  measureDone
	VMOVDQU (SI)(AX*1), Y0
	VPCMPEQB 1(SI)(AX*1), Y0, Y1
	VPCMPEQB 2(SI)(AX*1), Y0, Y2
	VPAND    Y1, Y2, Y1
	VPMOVMSKB Y1, DX
	ANDL     $0x09249249, DX // the first byte of each pixel
	POPCNTL  DX, DX
	ADDQ     DX, BX
	VPABSB   Y0, Y0
	VPAND    Y6, Y0, Y0
	VPSADBW  Y5, Y0, Y0
	VPADDQ   Y0, Y4, Y4
	ADDQ $30, AX
	JMP  measureLoop

measureDone:
	VEXTRACTI128 $1, Y4, X3
	VPADDQ X3, X4, X4
	VPSHUFD $0x4e, X4, X3
	VPADDQ X3, X4, X4
	VMOVQ  X4, DX
	VZEROUPPER
	MOVQ AX, bytes+24(FP)
	MOVQ BX, greys+32(FP)
	MOVQ DX, sum+40(FP)
	RET

// func findBMI2(p []byte, i int, m *pixelMatcher, dists *[numDist]uint32, tokens []uint32, literals []byte) (at, ntokens, nliterals int)
//
// It ends before the first pixel that would not be a single one, with nothing
// remembered of it, and before the last eight bytes.
TEXT ·findBMI2(SB), NOSPLIT, $0-120
	MOVQ p_base+0(FP), R13
	MOVQ p_len+8(FP), R8
	MOVQ i+24(FP), SI
	MOVQ m+32(FP), R9
	LEAQ pixelMatcher_most(R9), R10
	LEAQ pixelMatcher_last(R9), R9
	MOVQ dists+40(FP), R11
	MOVQ tokens_base+48(FP), DI
	MOVQ literals_base+72(FP), R12
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
	LEAL (SI)(R13*1), CX     // the position
	MOVBLZX AL, DX
	IMUL3L $0x10101, DX, R15
	CMPL R15, BX
	JNE  findOther
	MOVL CX, R15
	SUBL (R9)(DX*4), R15     // the distance
	CMPL R15, $const_farthest
	JHI  findNew
	MOVQ SI, R14
	SUBQ R15, R14
	CMPQ AX, (R14)
	JEQ  findDone
	MOVL CX, (R9)(DX*4)
	CMPL R15, (R10)(DX*4)
	JHI  findLiterals
	DECL R15
	LZCNTL R15, CX
	MOVL $30, R14
	SUBL CX, R14             // the number of extra bits
	SHRXL R14, R15, CX
	LEAL (CX)(R14*2), CX     // the symbol
	INCL (R11)(CX*4)
	BZHIL R14, R15, R15      // the extra bits
	SHLL $const_tokenExtra, R15
	LEAL (1<<const_tokenPixels)(CX)(R15*1), CX
	MOVL CX, (DI)
	ADDQ $4, DI
	ADDQ $3, SI
	JMP  findLoop

findOther:
	IMUL3L $-1640531535, BX, DX // 0x9e3779b1
	SHRL  $(32-const_otherBits), DX
	MOVL  CX, R15
	SUBL  1024(R9)(DX*4), R15
	CMPL  R15, $const_farthest
	JHI   findNewOther
	MOVQ  SI, R14
	SUBQ  R15, R14
	CMPQ  AX, (R14)
	JEQ   findDone

findNewOther:
	MOVL CX, 1024(R9)(DX*4)
	JMP  findLiterals

findNew:
	MOVL CX, (R9)(DX*4)

findLiterals:
	MOVL $0, (DI)
	ADDQ $4, DI
	MOVL BX, (R12)
	ADDQ $3, R12
	ADDQ $3, SI
	JMP  findLoop

findDone:
	SUBQ p_base+0(FP), SI
	MOVQ SI, at+96(FP)
	SUBQ tokens_base+48(FP), DI
	SHRQ $2, DI
	MOVQ DI, ntokens+104(FP)
	SUBQ literals_base+72(FP), R12
	MOVQ R12, nliterals+112(FP)
	RET

// func tokensBMI2(buf []byte, tokens []uint32, literals []byte, t *tables, acc uint64, n uint) (pos, done int, rest uint64, left uint)
//
// What is written of a token, at most 53 bits, follows at most seven waiting bits
// in a word of 64, which is then stored whole; the bytes that are complete stay.
TEXT ·tokensBMI2(SB), NOSPLIT, $0-128
	MOVQ buf_base+0(FP), DI
	MOVQ tokens_base+24(FP), SI
	MOVQ tokens_len+32(FP), R11
	MOVQ literals_base+48(FP), R13
	MOVQ t+72(FP), R10
	MOVQ acc+80(FP), AX
	MOVQ n+88(FP), BX
	LEAQ (SI)(R11*4), R11
	LEAQ tables_literalBits(R10), R8
	LEAQ tables_literalLens(R10), R9

#define LITERAL(at) \
	MOVBLZX at(R13), DX       \
	MOVWLZX (R8)(DX*2), R12   \
	SHLXQ   BX, R12, R12      \
	ORQ     R12, AX           \
	MOVBLZX (R9)(DX*1), DX    \
	ADDQ    DX, BX

tokensLoop:
	CMPQ SI, R11
	JGE  tokensDone
	MOVL (SI), CX
	ADDQ $4, SI
	TESTL CX, CX
	JEQ  tokensLiterals
	JLT  tokensSpecial
	MOVBLZX CL, DX
	SHRL $const_tokenExtra, CX
	MOVWLZX CX, CX           // the extra bits
	MOVQ tables_single(R10)(DX*8), R12

tokensDistance:
	MOVQ R12, DX
	SHRQ $32, DX
	SHLXQ DX, CX, CX
	MOVL R12, R12
	ORQ  R12, CX
	SHLXQ BX, CX, CX
	ORQ  CX, AX
	SHRL $8, DX
	ADDQ DX, BX

tokensFlush:
	MOVQ  AX, (DI)
	MOVL  BX, DX
	SHRL  $3, DX
	ADDQ  DX, DI
	MOVL  BX, DX
	ANDL  $56, DX
	SHRXQ DX, AX, AX
	ANDL  $7, BX
	JMP   tokensLoop

tokensLiterals:
	LITERAL(0)
	LITERAL(1)
	LITERAL(2)
	ADDQ $3, R13
	JMP  tokensFlush

tokensSpecial:
	MOVL CX, DX
	SHRL $const_tokenPixels, DX
	ANDL $0x7f, DX
	MOVQ tables_pixels(R10)(DX*8), R12
	MOVL R12, DX
	SHRQ $32, R12
	SHLXQ BX, DX, DX
	ORQ  DX, AX
	MOVBLZX R12, R12
	ADDQ R12, BX
	MOVBLZX CL, DX
	SHRL $const_tokenExtra, CX
	MOVWLZX CX, CX
	MOVQ tables_distance(R10)(DX*8), R12
	JMP  tokensDistance

tokensDone:
	SUBQ buf_base+0(FP), DI
	SUBQ literals_base+48(FP), R13
	MOVQ DI, pos+96(FP)
	MOVQ R13, done+104(FP)
	MOVQ AX, rest+112(FP)
	MOVQ BX, left+120(FP)
	RET
