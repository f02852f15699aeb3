#include "textflag.h"

// func addRowAVX2(sums []uint32, row []byte, weight uint32) int
TEXT ·addRowAVX2(SB), NOSPLIT, $0-64
	MOVQ sums_base+0(FP), DI
	MOVQ sums_len+8(FP), CX
	MOVQ row_base+24(FP), SI
	MOVL weight+48(FP), DX
	VMOVD DX, X0
	VPBROADCASTD X0, Y0
	ANDQ $~15, CX
	XORQ AX, AX

addLoop:
	CMPQ AX, CX
	JGE  addDone
	VPMOVZXBD (SI)(AX*1), Y1
	VPMOVZXBD 8(SI)(AX*1), Y2
	VPMULLD Y0, Y1, Y1
	VPMULLD Y0, Y2, Y2
	VPADDD  (DI)(AX*4), Y1, Y1
	VPADDD  32(DI)(AX*4), Y2, Y2
	VMOVDQU Y1, (DI)(AX*4)
	VMOVDQU Y2, 32(DI)(AX*4)
	ADDQ $16, AX
	JMP  addLoop

addDone:
	VZEROUPPER
	MOVQ AX, ret+56(FP)
	RET

// func averageRowAVX2(dst []byte, sums []uint32, columns []span, inner, area, half float64)
//
// The four samples of a pixel are added up and divided as doubles, which hold
// them exactly. The quotient cannot be rounded to the next integer, from which
// it is 1/area away at least.
TEXT ·averageRowAVX2(SB), NOSPLIT, $0-96
	MOVQ dst_base+0(FP), DI
	MOVQ sums_base+24(FP), SI
	MOVQ columns_base+48(FP), R8
	MOVQ columns_len+56(FP), CX
	VBROADCASTSD inner+72(FP), Y10
	VBROADCASTSD area+80(FP), Y11
	VBROADCASTSD half+88(FP), Y12
	VXORPD X15, X15, X15

averageLoop:
	TESTQ CX, CX
	JEQ  averageDone
	MOVQ (R8), R9            // first
	MOVQ 8(R8), R10          // last
	SHLQ $4, R9              // four sums are 16 bytes
	SHLQ $4, R10
	VCVTSI2SDL 16(R8), X15, X0
	VBROADCASTSD X0, Y0
	VCVTDQ2PD (SI)(R9*1), Y1
	VMULPD Y0, Y1, Y1
	CMPQ R9, R10
	JEQ  averageDivide
	VCVTSI2SDL 20(R8), X15, X0
	VBROADCASTSD X0, Y0
	VCVTDQ2PD (SI)(R10*1), Y2
	VMULPD Y0, Y2, Y2
	VADDPD Y1, Y2, Y1
	ADDQ $16, R9
	CMPQ R9, R10
	JEQ  averageDivide
	VXORPD Y2, Y2, Y2

averageInner:
	VCVTDQ2PD (SI)(R9*1), Y3
	VADDPD Y3, Y2, Y2
	ADDQ $16, R9
	CMPQ R9, R10
	JNE  averageInner
	VMULPD Y10, Y2, Y2
	VADDPD Y2, Y1, Y1

averageDivide:
	VADDPD Y12, Y1, Y1
	VDIVPD Y11, Y1, Y1
	VCVTTPD2DQY Y1, X1
	VPACKUSDW X1, X1, X1
	VPACKUSWB X1, X1, X1
	VMOVD X1, (DI)
	ADDQ $4, DI
	ADDQ $24, R8
	DECQ CX
	JMP  averageLoop

averageDone:
	VZEROUPPER
	RET
