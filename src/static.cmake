# What a static link takes in place of Debian's shared libraries: fmt and toml++ as headers. cpp-httplib has no static
# library there, so the one probe that uses it stays out, and its mechanism is one without a probe.
find_library(static_libc libc.a)
find_library(static_libstdcxx libstdc++.a PATHS ${CMAKE_CXX_IMPLICIT_LINK_DIRECTORIES})
foreach(needed static_libc static_libstdcxx)
  if(NOT ${needed})
    message(FATAL_ERROR "IPC_ADVISOR_STATIC: ${needed} is missing; Debian's libc6-dev and libstdc++-12-dev have it")
  endif()
endforeach()
if(IPC_ADVISOR_SANITIZE)
  message(FATAL_ERROR "IPC_ADVISOR_STATIC: the sanitizers cannot be linked statically; choose one of the two")
endif()
message(STATUS "IPC_ADVISOR_STATIC: no static cpp-httplib in Debian, so unix-http-bridge has no probe in this build")
set(left_out unix-http-bridge)
set(loaded_probes)
set(fmt_library fmt::fmt-header-only)
set(toml_library)
# A position-independent one finds its frames by a table; with -static they are sorted anew when the first exception is thrown.
target_link_options(project_settings INTERFACE -static-pie)
