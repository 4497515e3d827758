# Sourced: puts an unpacked toolchain on the PATH.
if [ -x "$BUILD/toolchain/usr/bin/arm-none-eabi-gcc" ]; then
    export PATH=$BUILD/toolchain/usr/bin:$PATH
    for libraries in "$BUILD"/toolchain/usr/lib/*-linux-gnu*; do
        if [ -d "$libraries" ]; then export LD_LIBRARY_PATH=$libraries${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}; fi
    done
fi
