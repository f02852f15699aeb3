#include "textflag.h"

// The instructions for SHA-256 wait for each other within a message; two
// messages at a time fill the gaps.

// func blocksSHANI(a, b *[8]uint32, p, q *byte, n int)
//
// X1 and X2 are the state of a as the instructions want it, X3 to X6 sixteen
// words of its message; X7 to X12 are those of b.
TEXT ·blocksSHANI(SB), NOSPLIT, $64-40
	MOVQ a+0(FP), AX
	MOVQ b+8(FP), BX
	MOVQ p+16(FP), SI
	MOVQ q+24(FP), DI
	MOVQ n+32(FP), CX
	LEAQ roundKeys<>(SB), DX
	VMOVDQU byteOrder<>(SB), X15

// Words are h, g, f, e and d, c, b, a in the order of the standard; the
// instructions want f, e, b, a and h, g, d, c, the first one lowest.
#define LOAD_STATE(h, s0, s1) \
	VMOVDQU (h), X13           \
	VMOVDQU 16(h), X14         \
	VPSHUFD $0xb1, X13, X13    \
	VPSHUFD $0x1b, X14, X14    \
	VPALIGNR $8, X14, X13, s0  \
	VPBLENDW $0xf0, X13, X14, s1

#define STORE_STATE(h, s0, s1) \
	VPSHUFD $0x1b, s0, X13     \
	VPSHUFD $0xb1, s1, X14     \
	VPBLENDW $0xf0, X14, X13, s0 \
	VPALIGNR $8, X13, X14, s1  \
	VMOVDQU s0, (h)            \
	VMOVDQU s1, 16(h)

// Four rounds with message words m, beginning with key k.
#define ROUNDS(k, m, s0, s1) \
	VPADDD k*16(DX), m, X0     \
	SHA256RNDS2 X0, s0, s1     \
	VPSHUFD $0x0e, X0, X0      \
	SHA256RNDS2 X0, s1, s0

// The same, and the words for the rounds twelve on: m follows before, and next
// follows m.
#define SCHEDULE(m, before, next) \
	VPALIGNR $4, before, m, X13 \
	VPADDD X13, next, next     \
	SHA256MSG2 m, next

#define BOTH(k, ma, mb) \
	ROUNDS(k, ma, X1, X2)      \
	ROUNDS(k, mb, X7, X8)

#define LOAD(i, ma, mb) \
	VMOVDQU i*16(SI), ma       \
	VPSHUFB X15, ma, ma        \
	VMOVDQU i*16(DI), mb       \
	VPSHUFB X15, mb, mb

#define MSG1(m, before, mb, beforeb) \
	SHA256MSG1 m, before       \
	SHA256MSG1 mb, beforeb

	LOAD_STATE(AX, X1, X2)
	LOAD_STATE(BX, X7, X8)

loop:
	VMOVDQU X1, 0(SP)
	VMOVDQU X2, 16(SP)
	VMOVDQU X7, 32(SP)
	VMOVDQU X8, 48(SP)

	LOAD(0, X3, X9)
	BOTH(0, X3, X9)
	LOAD(1, X4, X10)
	BOTH(1, X4, X10)
	MSG1(X4, X3, X10, X9)
	LOAD(2, X5, X11)
	BOTH(2, X5, X11)
	MSG1(X5, X4, X11, X10)
	LOAD(3, X6, X12)

#define FOUR(k, m0, m1, m3, b0, b1, b3) \
	BOTH(k, m0, b0)            \
	SCHEDULE(m0, m3, m1)       \
	SCHEDULE(b0, b3, b1)       \
	MSG1(m0, m3, b0, b3)

	FOUR(3, X6, X3, X5, X12, X9, X11)
	FOUR(4, X3, X4, X6, X9, X10, X12)
	FOUR(5, X4, X5, X3, X10, X11, X9)
	FOUR(6, X5, X6, X4, X11, X12, X10)
	FOUR(7, X6, X3, X5, X12, X9, X11)
	FOUR(8, X3, X4, X6, X9, X10, X12)
	FOUR(9, X4, X5, X3, X10, X11, X9)
	FOUR(10, X5, X6, X4, X11, X12, X10)
	FOUR(11, X6, X3, X5, X12, X9, X11)
	FOUR(12, X3, X4, X6, X9, X10, X12)
	BOTH(13, X4, X10)
	SCHEDULE(X4, X3, X5)
	SCHEDULE(X10, X9, X11)
	BOTH(14, X5, X11)
	SCHEDULE(X5, X4, X6)
	SCHEDULE(X11, X10, X12)
	BOTH(15, X6, X12)

	VPADDD 0(SP), X1, X1
	VPADDD 16(SP), X2, X2
	VPADDD 32(SP), X7, X7
	VPADDD 48(SP), X8, X8
	ADDQ $64, SI
	ADDQ $64, DI
	DECQ CX
	JNE  loop

	STORE_STATE(AX, X1, X2)
	STORE_STATE(BX, X7, X8)
	RET

// func hasSHANI() bool
TEXT ·hasSHANI(SB), NOSPLIT, $0-1
	XORL AX, AX
	CPUID
	CMPL AX, $7
	JLT  no
	MOVL $7, AX
	XORL CX, CX
	CPUID
	SHRL $29, BX
	ANDL $1, BX
	MOVB BX, ret+0(FP)
	RET

no:
	MOVB $0, ret+0(FP)
	RET

DATA byteOrder<>+0(SB)/8, $0x0405060700010203
DATA byteOrder<>+8(SB)/8, $0x0c0d0e0f08090a0b
GLOBL byteOrder<>(SB), RODATA|NOPTR, $16

DATA roundKeys<>+0(SB)/8, $0x71374491428a2f98
DATA roundKeys<>+8(SB)/8, $0xe9b5dba5b5c0fbcf
DATA roundKeys<>+16(SB)/8, $0x59f111f13956c25b
DATA roundKeys<>+24(SB)/8, $0xab1c5ed5923f82a4
DATA roundKeys<>+32(SB)/8, $0x12835b01d807aa98
DATA roundKeys<>+40(SB)/8, $0x550c7dc3243185be
DATA roundKeys<>+48(SB)/8, $0x80deb1fe72be5d74
DATA roundKeys<>+56(SB)/8, $0xc19bf1749bdc06a7
DATA roundKeys<>+64(SB)/8, $0xefbe4786e49b69c1
DATA roundKeys<>+72(SB)/8, $0x240ca1cc0fc19dc6
DATA roundKeys<>+80(SB)/8, $0x4a7484aa2de92c6f
DATA roundKeys<>+88(SB)/8, $0x76f988da5cb0a9dc
DATA roundKeys<>+96(SB)/8, $0xa831c66d983e5152
DATA roundKeys<>+104(SB)/8, $0xbf597fc7b00327c8
DATA roundKeys<>+112(SB)/8, $0xd5a79147c6e00bf3
DATA roundKeys<>+120(SB)/8, $0x1429296706ca6351
DATA roundKeys<>+128(SB)/8, $0x2e1b213827b70a85
DATA roundKeys<>+136(SB)/8, $0x53380d134d2c6dfc
DATA roundKeys<>+144(SB)/8, $0x766a0abb650a7354
DATA roundKeys<>+152(SB)/8, $0x92722c8581c2c92e
DATA roundKeys<>+160(SB)/8, $0xa81a664ba2bfe8a1
DATA roundKeys<>+168(SB)/8, $0xc76c51a3c24b8b70
DATA roundKeys<>+176(SB)/8, $0xd6990624d192e819
DATA roundKeys<>+184(SB)/8, $0x106aa070f40e3585
DATA roundKeys<>+192(SB)/8, $0x1e376c0819a4c116
DATA roundKeys<>+200(SB)/8, $0x34b0bcb52748774c
DATA roundKeys<>+208(SB)/8, $0x4ed8aa4a391c0cb3
DATA roundKeys<>+216(SB)/8, $0x682e6ff35b9cca4f
DATA roundKeys<>+224(SB)/8, $0x78a5636f748f82ee
DATA roundKeys<>+232(SB)/8, $0x8cc7020884c87814
DATA roundKeys<>+240(SB)/8, $0xa4506ceb90befffa
DATA roundKeys<>+248(SB)/8, $0xc67178f2bef9a3f7
GLOBL roundKeys<>(SB), RODATA|NOPTR, $256
