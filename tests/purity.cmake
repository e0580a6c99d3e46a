# The pure rooms may not even contain a reference to a socket, a file, a process, the environment, a
# clock or a random source. usage: cmake -DNM=nm -DARCHIVES=a.a,b.a -P purity.cmake
string(REPLACE "," ";" ARCHIVES "${ARCHIVES}")
set(banned
    "socket|connect|bind|listen|accept|accept4|sendto|recvfrom|getaddrinfo"
    "fork|vfork|execve|execvp|posix_spawn|posix_spawnp|popen|system"
    "open|open64|openat|fopen|fopen64|unlink|rename"
    "getenv|secure_getenv"
    "clock_gettime|gettimeofday|time|std::chrono::_V2::(system|steady)_clock::now\\(\\)"
    "rand|random|getrandom|std::random_device::.*"
    "curl_.*|boost::asio::.*|boost::process::.*")
string(JOIN "|" pattern ${banned})
set(count 0)
foreach(archive IN LISTS ARCHIVES)
    execute_process(COMMAND ${NM} -C --undefined-only ${archive}
        OUTPUT_VARIABLE symbols RESULT_VARIABLE failed ERROR_VARIABLE noise)
    if(failed)
        message(FATAL_ERROR "nm failed on ${archive}: ${noise}")
    endif()
    string(REGEX MATCHALL "[^\n]+" lines "${symbols}")
    foreach(line IN LISTS lines)
        if(line MATCHES "^ +U (.*)$")
            set(symbol "${CMAKE_MATCH_1}")
            math(EXPR count "${count} + 1")
            if(symbol MATCHES "^(${pattern})$")
                message(SEND_ERROR "${archive} uses ${symbol}: pure rooms may not")
            endif()
        endif()
    endforeach()
endforeach()
if(count EQUAL 0)
    message(FATAL_ERROR "no symbols seen: the check itself is broken")
endif()
message(STATUS "${count} undefined symbols of the pure rooms seen, none impure")
