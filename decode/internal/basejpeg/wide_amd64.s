#include "textflag.h"

// BUTTERFLY replaces a and b by their sum and difference.
#define BUTTERFLY(a, b, tmp) \
	VPSUBD  b, a, tmp \
	VPADDD  b, a, a   \
	VMOVDQA tmp, b

// ROTATE is rotate, of a and b to b and to, with three factors from R8+k on.
#define ROTATE(a, b, to, k) \
	VPADDD  a, b, to          \
	VPMULLD k(R8), to, to     \
	VPMULLD (k+32)(R8), b, b  \
	VPMULLD (k+64)(R8), a, a  \
	VPADDD  to, b, b          \
	VPSUBD  a, to, to

// PASS is what the transforms of rows and of columns share, once Y0 to Y7 are
// scaled, and Y2 and Y6 rotated to Y6 and Y9.
#define PASS(shift) \
	BUTTERFLY(Y4, Y6, Y8)      \
	BUTTERFLY(Y0, Y9, Y8)      \
	BUTTERFLY(Y1, Y7, Y8)      \
	BUTTERFLY(Y1, Y3, Y8)      \
	BUTTERFLY(Y7, Y5, Y8)      \
	VPSRAD $shift, Y1, Y1      \
	VPSRAD $shift, Y3, Y3      \
	VPSRAD $shift, Y5, Y5      \
	VPSRAD $shift, Y7, Y7      \
	ROTATE(Y7, Y1, Y10, 256)   \
	ROTATE(Y3, Y5, Y11, 352)   \
	VPSUBD  Y10, Y0, Y7        \
	VPADDD  Y10, Y0, Y0        \
	VPADDD  Y1, Y9, Y3         \
	VPSUBD  Y1, Y9, Y12        \
	VPADDD  Y11, Y4, Y1        \
	VPSUBD  Y11, Y4, Y13       \
	VPADDD  Y5, Y6, Y2         \
	VPSUBD  Y5, Y6, Y5         \
	VMOVDQA Y12, Y4            \
	VMOVDQA Y13, Y6

// TRANSPOSE turns the rows Y0 to Y7 into columns.
#define TRANSPOSE \
	VPUNPCKLDQ Y1, Y0, Y8      \
	VPUNPCKHDQ Y1, Y0, Y9      \
	VPUNPCKLDQ Y3, Y2, Y10     \
	VPUNPCKHDQ Y3, Y2, Y11     \
	VPUNPCKLDQ Y5, Y4, Y12     \
	VPUNPCKHDQ Y5, Y4, Y13     \
	VPUNPCKLDQ Y7, Y6, Y14     \
	VPUNPCKHDQ Y7, Y6, Y15     \
	VPUNPCKLQDQ Y10, Y8, Y0    \
	VPUNPCKHQDQ Y10, Y8, Y1    \
	VPUNPCKLQDQ Y11, Y9, Y2    \
	VPUNPCKHQDQ Y11, Y9, Y3    \
	VPUNPCKLQDQ Y14, Y12, Y4   \
	VPUNPCKHQDQ Y14, Y12, Y5   \
	VPUNPCKLQDQ Y15, Y13, Y6   \
	VPUNPCKHQDQ Y15, Y13, Y7   \
	VPERM2I128 $0x20, Y4, Y0, Y8  \
	VPERM2I128 $0x31, Y4, Y0, Y4  \
	VPERM2I128 $0x20, Y5, Y1, Y9  \
	VPERM2I128 $0x31, Y5, Y1, Y5  \
	VPERM2I128 $0x20, Y6, Y2, Y10 \
	VPERM2I128 $0x31, Y6, Y2, Y6  \
	VPERM2I128 $0x20, Y7, Y3, Y11 \
	VPERM2I128 $0x31, Y7, Y3, Y7  \
	VMOVDQA Y8, Y0             \
	VMOVDQA Y9, Y1             \
	VMOVDQA Y10, Y2            \
	VMOVDQA Y11, Y3

// storeOrder puts the halves of four rows of samples together.
DATA storeOrder<>+0(SB)/8, $0x0000000400000000
DATA storeOrder<>+8(SB)/8, $0x0000000500000001
DATA storeOrder<>+16(SB)/8, $0x0000000600000002
DATA storeOrder<>+24(SB)/8, $0x0000000700000003
GLOBL storeOrder<>(SB), RODATA|NOPTR, $32

DATA middle<>+0(SB)/1, $0x80
GLOBL middle<>(SB), RODATA|NOPTR, $1

// STORE writes four rows of samples, shifted up by 128.
#define STORE(a, xa, b, c, d) \
	VPACKSSDW b, a, a         \
	VPACKSSDW d, c, c         \
	VPACKSSWB c, a, a         \
	VPERMD    a, Y14, a       \
	VPXOR     Y15, a, a       \
	VMOVQ     xa, (DI)        \
	VPEXTRQ   $1, xa, (DI)(SI*1) \
	LEAQ      (DI)(SI*2), DI  \
	VEXTRACTI128 $1, a, xa    \
	VMOVQ     xa, (DI)        \
	VPEXTRQ   $1, xa, (DI)(SI*1) \
	LEAQ      (DI)(SI*2), DI

// func idctAVX2(dst []byte, stride int, b *block, factors *[15][8]int32)
TEXT ·idctAVX2(SB), NOSPLIT, $0-48
	MOVQ dst_base+0(FP), DI
	MOVQ stride+24(FP), SI
	MOVQ b+32(FP), DX
	MOVQ factors+40(FP), R8
	VMOVDQU (DX), Y0
	VMOVDQU 32(DX), Y1
	VMOVDQU 64(DX), Y2
	VMOVDQU 96(DX), Y3
	VMOVDQU 128(DX), Y4
	VMOVDQU 160(DX), Y5
	VMOVDQU 192(DX), Y6
	VMOVDQU 224(DX), Y7

	TRANSPOSE
	VPSLLD $17, Y0, Y0
	VPSLLD $17, Y4, Y4
	BUTTERFLY(Y0, Y4, Y8)
	ROTATE(Y2, Y6, Y9, 0)
	VPSLLD $7, Y1, Y1
	VPSLLD $7, Y7, Y7
	VPMULLD 192(R8), Y3, Y3
	VPMULLD 192(R8), Y5, Y5
	PASS(2)

	TRANSPOSE
	VPADDD 448(R8), Y0, Y0
	BUTTERFLY(Y0, Y4, Y8)
	VPSRAD $2, Y0, Y0
	VPSRAD $2, Y4, Y4
	VPSRAD $13, Y2, Y2
	VPSRAD $13, Y6, Y6
	ROTATE(Y2, Y6, Y9, 96)
	VPSRAD $13, Y3, Y3
	VPSRAD $13, Y5, Y5
	VPMULLD 224(R8), Y3, Y3
	VPMULLD 224(R8), Y5, Y5
	PASS(14)
	VPSRAD $18, Y0, Y0
	VPSRAD $18, Y1, Y1
	VPSRAD $18, Y2, Y2
	VPSRAD $18, Y3, Y3
	VPSRAD $18, Y4, Y4
	VPSRAD $18, Y5, Y5
	VPSRAD $18, Y6, Y6
	VPSRAD $18, Y7, Y7

	VMOVDQU storeOrder<>(SB), Y14
	VPBROADCASTB middle<>(SB), Y15
	STORE(Y0, X0, Y1, Y2, Y3)
	STORE(Y4, X4, Y5, Y6, Y7)
	VZEROUPPER
	RET

// spreadLuma makes 0x010101 times the byte of each word of 32 bits.
DATA spreadLuma<>+0(SB)/8, $0xff040404ff000000
DATA spreadLuma<>+8(SB)/8, $0xff0c0c0cff080808
DATA spreadLuma<>+16(SB)/8, $0xff040404ff000000
DATA spreadLuma<>+24(SB)/8, $0xff0c0c0cff080808
GLOBL spreadLuma<>(SB), RODATA|NOPTR, $32

// pairBytes interleaves the two halves of a lane.
DATA pairBytes<>+0(SB)/8, $0x0b030a0209010800
DATA pairBytes<>+8(SB)/8, $0x0f070e060d050c04
DATA pairBytes<>+16(SB)/8, $0x0b030a0209010800
DATA pairBytes<>+24(SB)/8, $0x0f070e060d050c04
GLOBL pairBytes<>(SB), RODATA|NOPTR, $32

DATA colorFactors<>+0(SB)/4, $91881   // red of Cr
DATA colorFactors<>+4(SB)/4, $22554   // green of Cb, to subtract
DATA colorFactors<>+8(SB)/4, $46802   // green of Cr, to subtract
DATA colorFactors<>+12(SB)/4, $116130 // blue of Cb
DATA colorFactors<>+16(SB)/4, $128
GLOBL colorFactors<>(SB), RODATA|NOPTR, $20

// CHANNEL adds the terms of eight chroma samples to the luma of sixteen pixels,
// in Y0 and Y1, and leaves sixteen words in to.
#define CHANNEL(terms, to, tmp) \
	VPUNPCKLDQ terms, terms, to  \
	VPUNPCKHDQ terms, terms, tmp \
	VPADDD  Y0, to, to           \
	VPADDD  Y1, tmp, tmp         \
	VPSRAD  $16, to, to          \
	VPSRAD  $16, tmp, tmp        \
	VPACKSSDW tmp, to, to

// func convertAVX2(dst, luma, cb, cr []byte) int
//
// Sixteen pixels a step. Unpacking the terms of eight chroma samples puts those
// of pixels 0 to 3 and 8 to 11 into one register and the rest into another, so
// luma is put in that order too; packing undoes it.
TEXT ·convertAVX2(SB), NOSPLIT, $0-104
	MOVQ dst_base+0(FP), DI
	MOVQ dst_len+8(FP), CX
	MOVQ luma_base+24(FP), SI
	MOVQ cb_base+48(FP), R8
	MOVQ cr_base+72(FP), R9
	SHRQ $6, CX              // steps of 64 bytes
	XORQ AX, AX
	VMOVDQU spreadLuma<>(SB), Y8
	VMOVDQU pairBytes<>(SB), Y9
	VPBROADCASTD colorFactors<>+0(SB), Y10
	VPBROADCASTD colorFactors<>+4(SB), Y11
	VPBROADCASTD colorFactors<>+8(SB), Y12
	VPBROADCASTD colorFactors<>+12(SB), Y13
	VPBROADCASTD colorFactors<>+16(SB), Y14
	VPCMPEQD Y15, Y15, Y15
	VPSRLW   $8, Y15, Y15    // 255 in every word

convertLoop:
	CMPQ AX, CX
	JGE  convertDone
	VPMOVZXBD (R8)(AX*8), Y2
	VPMOVZXBD (R9)(AX*8), Y3
	VPSUBD  Y14, Y2, Y2      // Cb
	VPSUBD  Y14, Y3, Y3      // Cr
	VPMULLD Y11, Y2, Y4
	VPMULLD Y12, Y3, Y5
	VPADDD  Y4, Y5, Y4       // green, to subtract
	VPXOR   Y5, Y5, Y5
	VPSUBD  Y4, Y5, Y4
	VPMULLD Y10, Y3, Y3      // red
	VPMULLD Y13, Y2, Y2      // blue
	VMOVDQU (SI), X0
	VPSHUFD $0xd8, X0, X0
	VPSRLDQ $8, X0, X1
	VPMOVZXBD X0, Y0
	VPMOVZXBD X1, Y1
	VPSHUFB Y8, Y0, Y0
	VPSHUFB Y8, Y1, Y1
	CHANNEL(Y3, Y5, Y7)
	CHANNEL(Y4, Y6, Y7)
	VPACKUSWB Y6, Y5, Y5     // red and green
	CHANNEL(Y2, Y6, Y7)
	VPACKUSWB Y15, Y6, Y6    // blue and alpha
	VPSHUFB Y9, Y5, Y5
	VPSHUFB Y9, Y6, Y6
	VPUNPCKLWD Y6, Y5, Y0
	VPUNPCKHWD Y6, Y5, Y1
	VPERM2I128 $0x20, Y1, Y0, Y2
	VPERM2I128 $0x31, Y1, Y0, Y3
	VMOVDQU Y2, (DI)
	VMOVDQU Y3, 32(DI)
	ADDQ $64, DI
	ADDQ $16, SI
	INCQ AX
	JMP  convertLoop

convertDone:
	SHLQ $4, AX
	VZEROUPPER
	MOVQ AX, ret+96(FP)
	RET
