# usage: cmake -D INPUT=FILE -D OUTPUT=FILE -P embed.cmake; a file's bytes as C++ initialisers
file(READ ${INPUT} bytes HEX)
string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${bytes}")
file(WRITE ${OUTPUT} "${bytes}\n")
