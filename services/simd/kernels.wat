;; The inner loops over float32 vectors, four or eight values a turn, and Philox. Every function does what the plain code of its
;; name in collective/addition.ts, collective/bf16.ts or random/philox.ts does, to the bit; the caller takes what is left over.
;; Positions are bytes in the shared memory; counts are values, or blocks.
(module
  (import "arena" "memory" (memory 1 65536 shared))

  ;; into = left + right, 16 values a turn.
  (func (export "add") (param $left i32) (param $right i32) (param $into i32) (param $count i32)
    (local $end i32)
    (local.set $end (i32.add (local.get $into) (i32.shl (local.get $count) (i32.const 2))))
    (block $done
      (loop $turn
        (br_if $done (i32.ge_u (local.get $into) (local.get $end)))
        (v128.store (local.get $into) (f32x4.add (v128.load (local.get $left)) (v128.load (local.get $right))))
        (v128.store offset=16 (local.get $into)
          (f32x4.add (v128.load offset=16 (local.get $left)) (v128.load offset=16 (local.get $right))))
        (v128.store offset=32 (local.get $into)
          (f32x4.add (v128.load offset=32 (local.get $left)) (v128.load offset=32 (local.get $right))))
        (v128.store offset=48 (local.get $into)
          (f32x4.add (v128.load offset=48 (local.get $left)) (v128.load offset=48 (local.get $right))))
        (local.set $left (i32.add (local.get $left) (i32.const 64)))
        (local.set $right (i32.add (local.get $right) (i32.const 64)))
        (local.set $into (i32.add (local.get $into) (i32.const 64)))
        (br $turn))))

  ;; In place, to nearest, ties to even; a NaN becomes one and the same, since adding to it could make it an infinity. Four values
  ;; a turn, and written out wherever it is needed: V8 calls a function of ours for each vector, which takes five times as long.
  (func (export "round") (param $values i32) (param $count i32)
    (local $end i32) (local $bits v128) (local $upper v128) (local $half v128) (local $one v128)
    (local.set $upper (v128.const i32x4 0xffff0000 0xffff0000 0xffff0000 0xffff0000))
    (local.set $half (v128.const i32x4 0x7fff 0x7fff 0x7fff 0x7fff))
    (local.set $one (v128.const i32x4 1 1 1 1))
    (local.set $end (i32.add (local.get $values) (i32.shl (local.get $count) (i32.const 2))))
    (block $done
      (loop $turn
        (br_if $done (i32.ge_u (local.get $values) (local.get $end)))
        (local.set $bits (v128.load (local.get $values)))
        (v128.store (local.get $values)
          (v128.and (local.get $upper)
            (v128.or (f32x4.ne (local.get $bits) (local.get $bits))
              (i32x4.add (i32x4.add (local.get $bits) (local.get $half))
                (v128.and (i32x4.shr_u (local.get $bits) (i32.const 16)) (local.get $one))))))
        (local.set $values (i32.add (local.get $values) (i32.const 16)))
        (br $turn))))

  ;; into = round(round(left) + round(right)), four values a turn.
  (func (export "addRounded") (param $left i32) (param $right i32) (param $into i32) (param $count i32)
    (local $end i32) (local $a v128) (local $b v128) (local $upper v128) (local $half v128) (local $one v128)
    (local.set $upper (v128.const i32x4 0xffff0000 0xffff0000 0xffff0000 0xffff0000))
    (local.set $half (v128.const i32x4 0x7fff 0x7fff 0x7fff 0x7fff))
    (local.set $one (v128.const i32x4 1 1 1 1))
    (local.set $end (i32.add (local.get $into) (i32.shl (local.get $count) (i32.const 2))))
    (block $done
      (loop $turn
        (br_if $done (i32.ge_u (local.get $into) (local.get $end)))
        (local.set $a (v128.load (local.get $left)))
        (local.set $b (v128.load (local.get $right)))
        (local.set $a (f32x4.add
          (v128.and (local.get $upper)
            (v128.or (f32x4.ne (local.get $a) (local.get $a))
              (i32x4.add (i32x4.add (local.get $a) (local.get $half))
                (v128.and (i32x4.shr_u (local.get $a) (i32.const 16)) (local.get $one)))))
          (v128.and (local.get $upper)
            (v128.or (f32x4.ne (local.get $b) (local.get $b))
              (i32x4.add (i32x4.add (local.get $b) (local.get $half))
                (v128.and (i32x4.shr_u (local.get $b) (i32.const 16)) (local.get $one)))))))
        (v128.store (local.get $into)
          (v128.and (local.get $upper)
            (v128.or (f32x4.ne (local.get $a) (local.get $a))
              (i32x4.add (i32x4.add (local.get $a) (local.get $half))
                (v128.and (i32x4.shr_u (local.get $a) (i32.const 16)) (local.get $one))))))
        (local.set $left (i32.add (local.get $left) (i32.const 16)))
        (local.set $right (i32.add (local.get $right) (i32.const 16)))
        (local.set $into (i32.add (local.get $into) (i32.const 16)))
        (br $turn))))

  ;; Rounds, and keeps the upper halves: eight values a turn.
  (func (export "pack") (param $values i32) (param $into i32) (param $count i32)
    (local $end i32) (local $a v128) (local $b v128) (local $upper v128) (local $half v128) (local $one v128)
    (local.set $upper (v128.const i32x4 0xffff0000 0xffff0000 0xffff0000 0xffff0000))
    (local.set $half (v128.const i32x4 0x7fff 0x7fff 0x7fff 0x7fff))
    (local.set $one (v128.const i32x4 1 1 1 1))
    (local.set $end (i32.add (local.get $values) (i32.shl (local.get $count) (i32.const 2))))
    (block $done
      (loop $turn
        (br_if $done (i32.ge_u (local.get $values) (local.get $end)))
        (local.set $a (v128.load (local.get $values)))
        (local.set $b (v128.load offset=16 (local.get $values)))
        (v128.store (local.get $into)
          (i16x8.narrow_i32x4_u
            (i32x4.shr_u
          (v128.and (local.get $upper)
            (v128.or (f32x4.ne (local.get $a) (local.get $a))
              (i32x4.add (i32x4.add (local.get $a) (local.get $half))
                (v128.and (i32x4.shr_u (local.get $a) (i32.const 16)) (local.get $one))))) (i32.const 16))
            (i32x4.shr_u
          (v128.and (local.get $upper)
            (v128.or (f32x4.ne (local.get $b) (local.get $b))
              (i32x4.add (i32x4.add (local.get $b) (local.get $half))
                (v128.and (i32x4.shr_u (local.get $b) (i32.const 16)) (local.get $one))))) (i32.const 16))))
        (local.set $values (i32.add (local.get $values) (i32.const 32)))
        (local.set $into (i32.add (local.get $into) (i32.const 16)))
        (br $turn))))

  ;; And back, 16 values a turn.
  (func (export "unpack") (param $packed i32) (param $into i32) (param $count i32)
    (local $end i32)
    (local.set $end (i32.add (local.get $into) (i32.shl (local.get $count) (i32.const 2))))
    (block $done
      (loop $turn
        (br_if $done (i32.ge_u (local.get $into) (local.get $end)))
        (v128.store (local.get $into)
          (i32x4.shl (i32x4.extend_low_i16x8_u (v128.load (local.get $packed))) (i32.const 16)))
        (v128.store offset=16 (local.get $into)
          (i32x4.shl (i32x4.extend_high_i16x8_u (v128.load (local.get $packed))) (i32.const 16)))
        (v128.store offset=32 (local.get $into)
          (i32x4.shl (i32x4.extend_low_i16x8_u (v128.load offset=16 (local.get $packed))) (i32.const 16)))
        (v128.store offset=48 (local.get $into)
          (i32x4.shl (i32x4.extend_high_i16x8_u (v128.load offset=16 (local.get $packed))) (i32.const 16)))
        (local.set $packed (i32.add (local.get $packed) (i32.const 32)))
        (local.set $into (i32.add (local.get $into) (i32.const 64)))
        (br $turn))))

  ;; next = gradient + residual; gradient = round(next); next -= gradient, or 0 where that is not finite. 4 values a turn.
  (func (export "roundWithFeedback") (param $gradient i32) (param $residual i32) (param $next i32) (param $count i32)
    (local $end i32) (local $wanted v128) (local $sent v128) (local $left v128)
    (local $upper v128) (local $half v128) (local $one v128)
    (local.set $upper (v128.const i32x4 0xffff0000 0xffff0000 0xffff0000 0xffff0000))
    (local.set $half (v128.const i32x4 0x7fff 0x7fff 0x7fff 0x7fff))
    (local.set $one (v128.const i32x4 1 1 1 1))
    (local.set $end (i32.add (local.get $gradient) (i32.shl (local.get $count) (i32.const 2))))
    (block $done
      (loop $turn
        (br_if $done (i32.ge_u (local.get $gradient) (local.get $end)))
        (local.set $wanted (f32x4.add (v128.load (local.get $gradient)) (v128.load (local.get $residual))))
        (local.set $sent
          (v128.and (local.get $upper)
            (v128.or (f32x4.ne (local.get $wanted) (local.get $wanted))
              (i32x4.add (i32x4.add (local.get $wanted) (local.get $half))
                (v128.and (i32x4.shr_u (local.get $wanted) (i32.const 16)) (local.get $one))))))
        (local.set $left (f32x4.sub (local.get $wanted) (local.get $sent)))
        (v128.store (local.get $gradient) (local.get $sent))
        (v128.store (local.get $next)
          (v128.and
            (f32x4.add (local.get $left) (v128.const f32x4 0 0 0 0))
            (f32x4.eq (f32x4.sub (local.get $left) (local.get $left)) (v128.const f32x4 0 0 0 0))))
        (local.set $gradient (i32.add (local.get $gradient) (i32.const 16)))
        (local.set $residual (i32.add (local.get $residual) (i32.const 16)))
        (local.set $next (i32.add (local.get $next) (i32.const 16)))
        (br $turn))))

  ;; The words of counters (c0, c1, c2, c3), (c0 + 1, c1, c2, c3), …: four blocks a turn, one in each lane. $x0 … $x3 are the
  ;; counters' words and become the blocks'.
  (func (export "philox")
    (param $k0 i32) (param $k1 i32) (param $c0 i32) (param $c1 i32) (param $c2 i32) (param $c3 i32)
    (param $into i32) (param $count i32)
    (local $end i32) (local $round i32) (local $first v128)
    (local $x0 v128) (local $x1 v128) (local $x2 v128) (local $x3 v128) (local $key0 v128) (local $key1 v128)
    (local $even0 v128) (local $odd0 v128) (local $even2 v128) (local $odd2 v128)
    (local.set $end (i32.add (local.get $into) (i32.shl (local.get $count) (i32.const 4))))
    (local.set $first (i32x4.add (i32x4.splat (local.get $c0)) (v128.const i32x4 0 1 2 3)))
    (block $done
      (loop $turn
        (br_if $done (i32.ge_u (local.get $into) (local.get $end)))
        (local.set $x0 (local.get $first))
        (local.set $x1 (i32x4.splat (local.get $c1)))
        (local.set $x2 (i32x4.splat (local.get $c2)))
        (local.set $x3 (i32x4.splat (local.get $c3)))
        (local.set $key0 (i32x4.splat (local.get $k0)))
        (local.set $key1 (i32x4.splat (local.get $k1)))
        (local.set $round (i32.const 10))
        (loop $rounds
          ;; The four 64-bit products of a multiplier: lanes 0 and 1, then 2 and 3.
          (local.set $even0 (i64x2.extmul_low_i32x4_u (local.get $x0)
            (v128.const i32x4 0xd2511f53 0xd2511f53 0xd2511f53 0xd2511f53)))
          (local.set $odd0 (i64x2.extmul_high_i32x4_u (local.get $x0)
            (v128.const i32x4 0xd2511f53 0xd2511f53 0xd2511f53 0xd2511f53)))
          (local.set $even2 (i64x2.extmul_low_i32x4_u (local.get $x2)
            (v128.const i32x4 0xcd9e8d57 0xcd9e8d57 0xcd9e8d57 0xcd9e8d57)))
          (local.set $odd2 (i64x2.extmul_high_i32x4_u (local.get $x2)
            (v128.const i32x4 0xcd9e8d57 0xcd9e8d57 0xcd9e8d57 0xcd9e8d57)))
          ;; Their high halves go to x0 and x2, the low ones to x1 and x3.
          (local.set $x0 (v128.xor (local.get $key0) (v128.xor (local.get $x1)
            (i8x16.shuffle 4 5 6 7 12 13 14 15 20 21 22 23 28 29 30 31 (local.get $even2) (local.get $odd2)))))
          (local.set $x1 (i8x16.shuffle 0 1 2 3 8 9 10 11 16 17 18 19 24 25 26 27 (local.get $even2) (local.get $odd2)))
          (local.set $x2 (v128.xor (local.get $key1) (v128.xor (local.get $x3)
            (i8x16.shuffle 4 5 6 7 12 13 14 15 20 21 22 23 28 29 30 31 (local.get $even0) (local.get $odd0)))))
          (local.set $x3 (i8x16.shuffle 0 1 2 3 8 9 10 11 16 17 18 19 24 25 26 27 (local.get $even0) (local.get $odd0)))
          (local.set $key0 (i32x4.add (local.get $key0)
            (v128.const i32x4 0x9e3779b9 0x9e3779b9 0x9e3779b9 0x9e3779b9)))
          (local.set $key1 (i32x4.add (local.get $key1)
            (v128.const i32x4 0xbb67ae85 0xbb67ae85 0xbb67ae85 0xbb67ae85)))
          (local.set $round (i32.sub (local.get $round) (i32.const 1)))
          (br_if $rounds (local.get $round)))
        ;; From a word in each register to a block in each.
        (local.set $even0 (i8x16.shuffle 0 1 2 3 16 17 18 19 4 5 6 7 20 21 22 23 (local.get $x0) (local.get $x1)))
        (local.set $odd0 (i8x16.shuffle 8 9 10 11 24 25 26 27 12 13 14 15 28 29 30 31 (local.get $x0) (local.get $x1)))
        (local.set $even2 (i8x16.shuffle 0 1 2 3 16 17 18 19 4 5 6 7 20 21 22 23 (local.get $x2) (local.get $x3)))
        (local.set $odd2 (i8x16.shuffle 8 9 10 11 24 25 26 27 12 13 14 15 28 29 30 31 (local.get $x2) (local.get $x3)))
        (v128.store (local.get $into)
          (i8x16.shuffle 0 1 2 3 4 5 6 7 16 17 18 19 20 21 22 23 (local.get $even0) (local.get $even2)))
        (v128.store offset=16 (local.get $into)
          (i8x16.shuffle 8 9 10 11 12 13 14 15 24 25 26 27 28 29 30 31 (local.get $even0) (local.get $even2)))
        (v128.store offset=32 (local.get $into)
          (i8x16.shuffle 0 1 2 3 4 5 6 7 16 17 18 19 20 21 22 23 (local.get $odd0) (local.get $odd2)))
        (v128.store offset=48 (local.get $into)
          (i8x16.shuffle 8 9 10 11 12 13 14 15 24 25 26 27 28 29 30 31 (local.get $odd0) (local.get $odd2)))
        (local.set $first (i32x4.add (local.get $first) (v128.const i32x4 4 4 4 4)))
        (local.set $into (i32.add (local.get $into) (i32.const 64)))
        (br $turn)))))
