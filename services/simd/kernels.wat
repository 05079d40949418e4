;; The inner loops over float32 vectors, four or eight values a turn. Every function does what the plain loop of its name in
;; collective/addition.ts or collective/bf16.ts does, to the bit; the caller takes the values that are left over.
;; Positions are bytes in the shared memory; counts are values.
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

  ;; In place, to nearest, ties to even; a NaN is made quiet, since adding to it could make it an infinity. Four values a turn,
  ;; and written out wherever it is needed: V8 calls a function of ours for each vector, which takes five times as long.
  (func (export "round") (param $values i32) (param $count i32)
    (local $end i32) (local $bits v128)
    (local.set $end (i32.add (local.get $values) (i32.shl (local.get $count) (i32.const 2))))
    (block $done
      (loop $turn
        (br_if $done (i32.ge_u (local.get $values) (local.get $end)))
        (local.set $bits (v128.load (local.get $values)))
        (v128.store (local.get $values)
          (v128.bitselect
            (v128.and (v128.or (local.get $bits) (v128.const i32x4 0x400000 0x400000 0x400000 0x400000))
              (v128.const i32x4 0xffff0000 0xffff0000 0xffff0000 0xffff0000))
            (v128.and
              (i32x4.add (local.get $bits)
                (i32x4.add (v128.const i32x4 0x7fff 0x7fff 0x7fff 0x7fff)
                  (v128.and (i32x4.shr_u (local.get $bits) (i32.const 16)) (v128.const i32x4 1 1 1 1))))
              (v128.const i32x4 0xffff0000 0xffff0000 0xffff0000 0xffff0000))
            (i32x4.gt_u
              (v128.and (local.get $bits) (v128.const i32x4 0x7fffffff 0x7fffffff 0x7fffffff 0x7fffffff))
              (v128.const i32x4 0x7f800000 0x7f800000 0x7f800000 0x7f800000))))
        (local.set $values (i32.add (local.get $values) (i32.const 16)))
        (br $turn))))

  ;; Rounded values as their upper halves, 16 values a turn.
  (func (export "pack") (param $values i32) (param $into i32) (param $count i32)
    (local $end i32)
    (local.set $end (i32.add (local.get $values) (i32.shl (local.get $count) (i32.const 2))))
    (block $done
      (loop $turn
        (br_if $done (i32.ge_u (local.get $values) (local.get $end)))
        (v128.store (local.get $into)
          (i16x8.narrow_i32x4_u
            (i32x4.shr_u (v128.load (local.get $values)) (i32.const 16))
            (i32x4.shr_u (v128.load offset=16 (local.get $values)) (i32.const 16))))
        (v128.store offset=16 (local.get $into)
          (i16x8.narrow_i32x4_u
            (i32x4.shr_u (v128.load offset=32 (local.get $values)) (i32.const 16))
            (i32x4.shr_u (v128.load offset=48 (local.get $values)) (i32.const 16))))
        (local.set $values (i32.add (local.get $values) (i32.const 64)))
        (local.set $into (i32.add (local.get $into) (i32.const 32)))
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
    (local.set $end (i32.add (local.get $gradient) (i32.shl (local.get $count) (i32.const 2))))
    (block $done
      (loop $turn
        (br_if $done (i32.ge_u (local.get $gradient) (local.get $end)))
        (local.set $wanted (f32x4.add (v128.load (local.get $gradient)) (v128.load (local.get $residual))))
        (local.set $sent
          (v128.bitselect
            (v128.and (v128.or (local.get $wanted) (v128.const i32x4 0x400000 0x400000 0x400000 0x400000))
              (v128.const i32x4 0xffff0000 0xffff0000 0xffff0000 0xffff0000))
            (v128.and
              (i32x4.add (local.get $wanted)
                (i32x4.add (v128.const i32x4 0x7fff 0x7fff 0x7fff 0x7fff)
                  (v128.and (i32x4.shr_u (local.get $wanted) (i32.const 16)) (v128.const i32x4 1 1 1 1))))
              (v128.const i32x4 0xffff0000 0xffff0000 0xffff0000 0xffff0000))
            (i32x4.gt_u
              (v128.and (local.get $wanted) (v128.const i32x4 0x7fffffff 0x7fffffff 0x7fffffff 0x7fffffff))
              (v128.const i32x4 0x7f800000 0x7f800000 0x7f800000 0x7f800000))))
        (local.set $left (f32x4.sub (local.get $wanted) (local.get $sent)))
        (v128.store (local.get $gradient) (local.get $sent))
        (v128.store (local.get $next)
          (v128.and
            (f32x4.add (local.get $left) (v128.const f32x4 0 0 0 0))
            (f32x4.eq (f32x4.sub (local.get $left) (local.get $left)) (v128.const f32x4 0 0 0 0))))
        (local.set $gradient (i32.add (local.get $gradient) (i32.const 16)))
        (local.set $residual (i32.add (local.get $residual) (i32.const 16)))
        (local.set $next (i32.add (local.get $next) (i32.const 16)))
        (br $turn)))))
