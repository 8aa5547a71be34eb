# Run by cpack over the files that it is about to pack: manuals and changelog compressed as Debian's policy wants them, without
# the time of day.
file(GLOB_RECURSE pages "${CPACK_TEMPORARY_INSTALL_DIRECTORY}/*.[157]" "${CPACK_TEMPORARY_INSTALL_DIRECTORY}/changelog")
execute_process(COMMAND gzip -9n ${pages} COMMAND_ERROR_IS_FATAL ANY)
