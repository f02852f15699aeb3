#include "textflag.h"

// func paethAVX2(dst, cur, left, up, upLeft []byte) int
//
// With a, b, c to the left, above and above left, the distances of the
// prediction a+b-c are |b-c| to a, |a-c| to b, and to c their difference where a
// and b lie on opposite sides of c. Where they do not, c is never nearer than
// both, and its distance counts as 255. Of equal distances a goes before b
// before c.
TEXT ·paethAVX2(SB), NOSPLIT, $0-128
	MOVQ dst_base+0(FP), DI
	MOVQ dst_len+8(FP), CX
	MOVQ cur_base+24(FP), SI
	MOVQ left_base+48(FP), R8
	MOVQ up_base+72(FP), R9
	MOVQ upLeft_base+96(FP), R10
	ANDQ $~31, CX
	XORQ AX, AX

paethLoop:
	CMPQ AX, CX
	JGE  paethDone
	VMOVDQU (R8)(AX*1), Y0   // a
	VMOVDQU (R9)(AX*1), Y1   // b
	VMOVDQU (R10)(AX*1), Y2  // c
	VPSUBUSB Y2, Y1, Y3
	VPSUBUSB Y1, Y2, Y4
	VPOR     Y3, Y4, Y3      // distance to a
	VPSUBUSB Y2, Y0, Y4
	VPSUBUSB Y0, Y2, Y5
	VPOR     Y4, Y5, Y4      // distance to b
	VPSUBUSB Y4, Y3, Y5
	VPSUBUSB Y3, Y4, Y6
	VPOR     Y5, Y6, Y5      // distance to c, if on opposite sides
	VPMAXUB  Y2, Y0, Y6
	VPCMPEQB Y0, Y6, Y6      // a >= c
	VPMAXUB  Y2, Y1, Y7
	VPCMPEQB Y1, Y7, Y7      // b >= c
	VPCMPEQB Y6, Y7, Y6
	VPOR     Y6, Y5, Y5
	VPMINUB  Y3, Y4, Y6
	VPMINUB  Y5, Y6, Y6      // the least distance
	VPCMPEQB Y4, Y6, Y4
	VPCMPEQB Y3, Y6, Y3
	VPBLENDVB Y4, Y1, Y2, Y2
	VPBLENDVB Y3, Y0, Y2, Y2
	VMOVDQU (SI)(AX*1), Y0
	VPSUBB  Y2, Y0, Y0
	VMOVDQU Y0, (DI)(AX*1)
	ADDQ $32, AX
	JMP  paethLoop

paethDone:
	VZEROUPPER
	MOVQ AX, ret+120(FP)
	RET

// packOrder moves the first three bytes of each four of a lane together.
DATA packOrder<>+0(SB)/8, $0x0908060504020100
DATA packOrder<>+8(SB)/8, $0xffffffff0e0d0c0a
DATA packOrder<>+16(SB)/8, $0x0908060504020100
DATA packOrder<>+24(SB)/8, $0xffffffff0e0d0c0a
GLOBL packOrder<>(SB), RODATA|NOPTR, $32

// packLanes moves the lanes together: twelve bytes of each.
DATA packLanes<>+0(SB)/8, $0x0000000100000000
DATA packLanes<>+8(SB)/8, $0x0000000400000002
DATA packLanes<>+16(SB)/8, $0x0000000600000005
DATA packLanes<>+24(SB)/8, $0x0000000700000003
GLOBL packLanes<>(SB), RODATA|NOPTR, $32

// func packAVX2(dst, src []byte) int
//
// Each step reads 32 bytes of src and writes 32 to dst, of which the last eight
// are overwritten by the next.
TEXT ·packAVX2(SB), NOSPLIT, $0-56
	MOVQ dst_base+0(FP), DI
	MOVQ src_base+24(FP), SI
	MOVQ src_len+32(FP), CX
	SUBQ $44, CX             // leaves eleven pixels: 33 bytes of dst
	VMOVDQU packOrder<>(SB), Y1
	VMOVDQU packLanes<>(SB), Y2
	XORQ AX, AX

packLoop:
	CMPQ AX, CX
	JGT  packDone
	VMOVDQU (SI)(AX*1), Y0
	VPSHUFB Y1, Y0, Y0
	VPERMD  Y0, Y2, Y0
	VMOVDQU Y0, (DI)
	ADDQ $24, DI
	ADDQ $32, AX
	JMP  packLoop

packDone:
	VZEROUPPER
	MOVQ AX, ret+48(FP)
	RET

// adlerWeights are how often each of 32 bytes counts.
DATA adlerWeights<>+0(SB)/8, $0x191a1b1c1d1e1f20
DATA adlerWeights<>+8(SB)/8, $0x1112131415161718
DATA adlerWeights<>+16(SB)/8, $0x090a0b0c0d0e0f10
DATA adlerWeights<>+24(SB)/8, $0x0102030405060708
GLOBL adlerWeights<>(SB), RODATA|NOPTR, $32

DATA adlerOnes<>+0(SB)/2, $1
GLOBL adlerOnes<>(SB), RODATA|NOPTR, $2

// func adlerAVX2(p []byte) (plain, weighted uint32)
//
// Y0 adds up the bytes, Y1 what Y0 held before each step, Y2 the bytes by their
// weights within a step.
TEXT ·adlerAVX2(SB), NOSPLIT, $0-32
	MOVQ p_base+0(FP), SI
	MOVQ p_len+8(FP), CX
	VPXOR Y0, Y0, Y0
	VPXOR Y1, Y1, Y1
	VPXOR Y2, Y2, Y2
	VPXOR Y3, Y3, Y3
	VMOVDQU adlerWeights<>(SB), Y4
	VPBROADCASTW adlerOnes<>(SB), Y5
	ADDQ SI, CX

adlerLoop:
	CMPQ SI, CX
	JGE  adlerDone
	VMOVDQU (SI), Y6
	VPADDD  Y0, Y1, Y1
	VPSADBW Y3, Y6, Y7
	VPADDD  Y7, Y0, Y0
	VPMADDUBSW Y4, Y6, Y6
	VPMADDWD   Y5, Y6, Y6
	VPADDD  Y6, Y2, Y2
	ADDQ $32, SI
	JMP  adlerLoop

adlerDone:
	VPSLLD $5, Y1, Y1        // a step is 32 bytes
	VPADDD Y1, Y2, Y2
	VEXTRACTI128 $1, Y0, X3
	VPADDD X3, X0, X0
	VPSHUFD $0x4e, X0, X3
	VPADDD X3, X0, X0        // the sums of VPSADBW are in every other lane
	VMOVD  X0, AX
	VEXTRACTI128 $1, Y2, X3
	VPADDD X3, X2, X2
	VPSHUFD $0x4e, X2, X3
	VPADDD X3, X2, X2
	VPSHUFD $0xb1, X2, X3
	VPADDD X3, X2, X2
	VMOVD  X2, BX
	VZEROUPPER
	MOVL AX, plain+24(FP)
	MOVL BX, weighted+28(FP)
	RET

// func literalsBMI2(buf []byte, p []byte, bits *[256]uint16, lens *[256]uint8, acc uint64, n uint) (pos, done int, rest uint64, left uint)
//
// Four codes of at most 14 bits follow at most seven waiting bits in a word of
// 64, which is then stored whole; the bytes that are complete stay.
TEXT ·literalsBMI2(SB), NOSPLIT, $0-112
	MOVQ buf_base+0(FP), DI
	MOVQ p_base+24(FP), SI
	MOVQ p_len+32(FP), CX
	MOVQ bits+48(FP), R8
	MOVQ lens+56(FP), R9
	MOVQ acc+64(FP), AX
	MOVQ n+72(FP), BX
	MOVQ DI, R10
	MOVQ SI, R11
	ADDQ SI, CX
	SUBQ $8, CX

#define LITERAL(at) \
	MOVBLZX at(SI), DX        \
	MOVWLZX (R8)(DX*2), R12   \
	SHLXQ   BX, R12, R12      \
	ORQ     R12, AX           \
	MOVBLZX (R9)(DX*1), DX    \
	ADDQ    DX, BX

#define FLUSH \
	MOVQ  AX, (DI)            \
	MOVQ  BX, DX              \
	SHRQ  $3, DX              \
	ADDQ  DX, DI              \
	MOVQ  BX, R12             \
	ANDQ  $56, R12            \
	SHRXQ R12, AX, AX         \
	ANDQ  $7, BX

literalsLoop:
	CMPQ SI, CX
	JGT  literalsDone
	LITERAL(0)
	LITERAL(1)
	LITERAL(2)
	LITERAL(3)
	FLUSH
	LITERAL(4)
	LITERAL(5)
	LITERAL(6)
	LITERAL(7)
	FLUSH
	ADDQ $8, SI
	JMP  literalsLoop

literalsDone:
	SUBQ R10, DI
	SUBQ R11, SI
	MOVQ DI, pos+80(FP)
	MOVQ SI, done+88(FP)
	MOVQ AX, rest+96(FP)
	MOVQ BX, left+104(FP)
	RET
