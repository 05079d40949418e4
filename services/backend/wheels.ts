/**
 * The pinned wheels. PyPI's TensorFlow wheels carry a current libtensorflow with its C headers, which is all that the
 * addon of @tensorflow/tfjs-node-gpu needs; its own install script would fetch a 2.9.1 build of 2022 without a hash.
 */

export interface Wheel {
  readonly project: string;
  readonly version: string;
  readonly file: string;
  readonly sha256: string;
}

/** The first wheel of each list carries libtensorflow, the others CUDA's libraries. Empty where there is none. */
export interface PinnedWheels {
  readonly cpu: readonly Wheel[];
  readonly gpu: readonly Wheel[];
}

/**
 * macOS's wheel carries a .dylib, which would need another link line; Windows' has its symbols in a .pyd. Neither
 * could be tried, so both have no wheel here, and WASM computes there.
 */
export function pinnedWheels(platform: string, arch: string): PinnedWheels {
  if (platform === 'linux' && arch === 'x64') return { cpu: CPU_WHEELS, gpu: GPU_WHEELS };
  if (platform === 'linux' && arch === 'arm64') return { cpu: ARM_WHEELS, gpu: [] };
  return { cpu: [], gpu: [] };
}

/** Proven on Linux x86-64 with Node 20, 22 and 24. */
const CPU_WHEELS: readonly Wheel[] = [
  {
    project: 'tensorflow-cpu',
    version: '2.21.0',
    file: 'tensorflow_cpu-2.21.0-cp312-cp312-manylinux_2_27_x86_64.whl',
    sha256: 'dcc8afd32930e42d5296b6ee19078b773706830af4ea97fbe503b9f5e0f820cb',
  },
];

/**
 * It carries the same files under the same names, which was looked up; no arm64 machine was at hand to load them.
 * An install ends with a product of matrices, so one that does not work there says so and leaves WASM.
 */
const ARM_WHEELS: readonly Wheel[] = [
  {
    project: 'tensorflow',
    version: '2.21.0',
    file: 'tensorflow-2.21.0-cp312-cp312-manylinux_2_27_aarch64.whl',
    sha256: 'b07d15737406533898e36c7ef7944b1be18e9028dc521b9229952c537bbc5552',
  },
];

/**
 * The CUDA 12 build, and what its METADATA names under `and-cuda`, each the newest inside the range that it allows.
 * Unproven on a GPU: no machine with one was at hand. That libtensorflow looks for the CUDA libraries where we
 * put them was read from its RUNPATH.
 */
const GPU_WHEELS: readonly Wheel[] = [
  {
    project: 'tensorflow',
    version: '2.21.0',
    file: 'tensorflow-2.21.0-cp312-cp312-manylinux_2_27_x86_64.whl',
    sha256: 'b3b95643c4e70eb925839938fb35cbe142f317ec84af6844ee61513713bb13c0',
  },
  cuda(
    'nvidia-cublas-cu12',
    '12.9.3.13',
    'nvidia_cublas_cu12-12.9.3.13-py3-none-manylinux_2_27_x86_64.whl',
    'd7d51055f161b317c7105ddaae90e71eda059026074ffef93cf7cde2886bfe72',
  ),
  cuda(
    'nvidia-cuda-cupti-cu12',
    '12.8.90',
    'nvidia_cuda_cupti_cu12-12.8.90-py3-none-manylinux2014_x86_64.manylinux_2_17_x86_64.whl',
    'ea0cb07ebda26bb9b29ba82cda34849e73c166c18162d3913575b0c9db9a6182',
  ),
  cuda(
    'nvidia-cuda-nvcc-cu12',
    '12.9.86',
    'nvidia_cuda_nvcc_cu12-12.9.86-py3-none-manylinux2010_x86_64.manylinux_2_12_x86_64.whl',
    '5d6a0d32fdc7ea39917c20065614ae93add6f577d840233237ff08e9a38f58f0',
  ),
  cuda(
    'nvidia-cuda-nvrtc-cu12',
    '12.9.86',
    'nvidia_cuda_nvrtc_cu12-12.9.86-py3-none-manylinux2010_x86_64.manylinux_2_12_x86_64.whl',
    '210cf05005a447e29214e9ce50851e83fc5f4358df8b453155d5e1918094dcb4',
  ),
  cuda(
    'nvidia-cuda-runtime-cu12',
    '12.9.79',
    'nvidia_cuda_runtime_cu12-12.9.79-py3-none-manylinux2014_x86_64.manylinux_2_17_x86_64.whl',
    '25bba2dfb01d48a9b59ca474a1ac43c6ebf7011f1b0b8cc44f54eb6ac48a96c3',
  ),
  cuda(
    'nvidia-cudnn-cu12',
    '9.28.0.42',
    'nvidia_cudnn_cu12-9.28.0.42-py3-none-manylinux_2_27_x86_64.whl',
    '9ff58b7f36dacd0a93e89f8f2957b52466889217963701daa15e577317cfa375',
  ),
  cuda(
    'nvidia-cufft-cu12',
    '11.4.1.4',
    'nvidia_cufft_cu12-11.4.1.4-py3-none-manylinux2014_x86_64.manylinux_2_17_x86_64.whl',
    'c67884f2a7d276b4b80eb56a79322a95df592ae5e765cf1243693365ccab4e28',
  ),
  cuda(
    'nvidia-curand-cu12',
    '10.3.10.19',
    'nvidia_curand_cu12-10.3.10.19-py3-none-manylinux_2_27_x86_64.whl',
    '49b274db4780d421bd2ccd362e1415c13887c53c214f0d4b761752b8f9f6aa1e',
  ),
  cuda(
    'nvidia-cusolver-cu12',
    '11.7.5.82',
    'nvidia_cusolver_cu12-11.7.5.82-py3-none-manylinux_2_27_x86_64.whl',
    '15da72d1340d29b5b3cf3fd100e3cd53421dde36002eda6ed93811af63c40d88',
  ),
  cuda(
    'nvidia-cusparse-cu12',
    '12.5.10.65',
    'nvidia_cusparse_cu12-12.5.10.65-py3-none-manylinux2014_x86_64.manylinux_2_17_x86_64.whl',
    '73060ce019ac064a057267c585bf1fd5a353734151f87472ff02b2c5c9984e78',
  ),
  cuda(
    'nvidia-nccl-cu12',
    '2.32.3',
    'nvidia_nccl_cu12-2.32.3-py3-none-manylinux_2_27_x86_64.whl',
    'bb94b2348e4861d5e8aa00b36c3d12d9bdf9c6369b82cbb723de0b582280a21c',
  ),
  cuda(
    'nvidia-nvjitlink-cu12',
    '12.9.86',
    'nvidia_nvjitlink_cu12-12.9.86-py3-none-manylinux2010_x86_64.manylinux_2_12_x86_64.whl',
    'e3f1171dbdc83c5932a45f0f4c99180a70de9bd2718c1ab77d14104f6d7147f9',
  ),
];

function cuda(project: string, version: string, file: string, sha256: string): Wheel {
  return { project, version, file, sha256 };
}
