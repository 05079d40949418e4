#!/usr/bin/env bash
# Assembles /rootfs, the image's whole file system, from the build in /app: only what runs. Called by the Dockerfile.
set -euo pipefail
root=/rootfs app=/rootfs/app
mkdir -p $root/{etc,data,tmp,usr/bin,usr/lib,usr/lib64,usr/local/bin,var/lib/dpkg/status.d} $app/services/{config,evaluate/classifier}
ln -s usr/lib $root/lib && ln -s usr/lib64 $root/lib64
chown 65532:65532 $root/data && chmod 1777 $root/tmp
printf 'root:x:0:0::/:/none\nganglion:x:65532:65532::/tmp:/none\n' > $root/etc/passwd
printf 'root:x:0:\nganglion:x:65532:\n' > $root/etc/group
printf 'hosts: files dns\n' > $root/etc/nsswitch.conf
cp /etc/debian_version $root/etc/   # the NVIDIA runtime puts its libraries where Debian looks for them

# The program, and the files that it reads beside its code.
node deploy/image/sbom.mjs > $app/sbom.cdx.json
npm prune --omit=dev
cp -r package.json LICENSE dist proto node_modules $app
cp -r services/config/presets $app/services/config
cp -r services/evaluate/classifier/mnist $app/services/evaluate/classifier
deploy/image/slim.sh $app

# `ganglion` by name, for which its first line wants env; Node; and the libraries that any program or addon here asks for.
chmod +x $app/dist/services/cli/main.js && ln -s /app/dist/services/cli/main.js $root/usr/local/bin/ganglion
cp "$(command -v node)" $root/usr/local/bin/ && cp /usr/bin/env $root/usr/bin/
find $app $root/usr -type f \( -name '*.node' -o -name '*.so*' -o -perm -u+x \) -print0 |
  { xargs -0 -n 1 ldd 2>/dev/null || true; } | awk '{ for (i = 1; i <= NF; i++) if ($i ~ /^\/(usr\/)?lib/) print $i }' |
  sort -u | while read -r library; do
  mkdir -p "$root$(dirname "$library")"
  cp -L "$library" "$root$library"
done
# What scanners read, and what the licences ask for, of Debian's packages that these libraries are of.
for package in libc6 libgcc-s1 libstdc++6; do
  dpkg-query -s $package > $root/var/lib/dpkg/status.d/$package
  mkdir -p $root/usr/share/doc/$package && cp /usr/share/doc/$package/copyright $root/usr/share/doc/$package/
done

# Nobody ships it before it has computed on the slimmed packages, and every library is found in it. (Both at once would need
# /proc and /dev, which a build has not to lend.)
node $app/dist/services/cli/main.js doctor -o json | grep '"chosen": "tensorflow"'
addon=/app/node_modules/@tensorflow/tfjs-node-gpu/lib/napi-v8/tfjs_binding.node
loader=$(cd $root && echo lib*/ld-linux*)
if chroot $root "/$loader" --list $addon | grep 'not found'; then exit 1; fi
chroot --userspec=65532:65532 $root /usr/bin/env -i PATH=/usr/local/bin ganglion --version
